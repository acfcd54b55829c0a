using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Reprice;

/// <summary>
/// One run over a range: page by page, the calls whose price differs are noted in <c>llm_reprices</c>, then taken back and written again in one block, so that
/// a run that is broken off leaves every call either as it was or repriced, and the next run goes on.
/// </summary>
internal sealed class RepriceRun(ClickHouseClient client, PriceBook book, bool dryRun, Action<long> progress)
{
    private const int PageSize = 5000;

    private const string Page =
        """
        SELECT toString(ts) AS at, tenant, trace_id, span_id, revision, provider, model_requested, model_answered, service_tier, tokens_source, toUnixTimestamp64Nano(ts) AS nanoseconds,
            input_tokens, cached_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens,
            image_input_tokens, image_output_tokens, web_searches, cost_usd, cost_reason, cost_basis, price_id
        FROM llm_calls_now
        WHERE ts >= {from:DateTime64(9)} AND ts < {to:DateTime64(9)} AND (ts, trace_id, span_id, tenant) > ({after:DateTime64(9)}, {trace:String}, {span:String}, {tenant:String})
        ORDER BY ts, trace_id, span_id, tenant
        LIMIT {most:UInt32}
        """;

    // One block of both rows: a call is never seen twice or not at all.
    private const string Replace =
        """
        SELECT call.* REPLACE (
            both AS sign,
            toUInt16(if(both > 0, call.revision + 1, call.revision)) AS revision,
            if(both > 0, price.cost_usd, call.cost_usd) AS cost_usd,
            if(both > 0, price.cost_input_usd, call.cost_input_usd) AS cost_input_usd,
            if(both > 0, price.cost_cached_usd, call.cost_cached_usd) AS cost_cached_usd,
            if(both > 0, price.cost_cache_write_usd, call.cost_cache_write_usd) AS cost_cache_write_usd,
            if(both > 0, price.cost_output_usd, call.cost_output_usd) AS cost_output_usd,
            if(both > 0, price.cost_other_usd, call.cost_other_usd) AS cost_other_usd,
            if(both > 0, price.cost_reason, call.cost_reason) AS cost_reason,
            if(both > 0, price.cost_basis, call.cost_basis) AS cost_basis,
            if(both > 0, price.price_id, call.price_id) AS price_id,
            if(both > 0, price.price_version, call.price_version) AS price_version)
        FROM (SELECT * FROM llm_calls_now WHERE ts >= {from:DateTime64(9)} AND ts < {to:DateTime64(9)}) AS call
        INNER JOIN (SELECT * FROM llm_reprices WHERE run = {run:String}) AS price USING (tenant, trace_id, span_id, revision)
        ARRAY JOIN [toInt8(-1), toInt8(1)] AS both
        """;

    private readonly string _run = Guid.NewGuid().ToString("n");
    private long _calls;
    private long _changed;
    private decimal _before;
    private decimal _after;
    private long _unpricedBefore;
    private long _unpricedAfter;

    /// <summary>Runs.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused, or cannot be reached.</exception>
    public async Task<RepriceSummary> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var position = new Dictionary<string, object?> { ["from"] = from, ["to"] = to, ["after"] = from.AddSeconds(-1), ["trace"] = "", ["span"] = "", ["tenant"] = "", ["most"] = PageSize };
        for (int page = 0; ; page++)
        {
            ClickHouseResult calls = await client.QueryAsync(Page, position, cancellation);
            if (calls.Rows.Count == 0)
            {
                break;
            }

            var rows = new RepriceRows($"{_run}/{page}");
            foreach (ClickHouseRow row in calls.Rows)
            {
                Look(row, rows);
            }

            await WriteAsync(rows, calls, cancellation);
            ClickHouseRow last = calls.Rows[^1];
            (position["after"], position["trace"], position["span"], position["tenant"]) = (last.GetString("at"), last.GetString("trace_id"), last.GetString("span_id"), last.GetString("tenant"));
            progress(_calls);
        }

        return new RepriceSummary(_run, book.Version, dryRun, _calls, _changed, _before, _after, _unpricedBefore, _unpricedAfter);
    }

    private void Look(ClickHouseRow row, RepriceRows rows)
    {
        var call = PricedRow.Read(row);
        PricedCall price = book.Price(call.Query);
        _calls++;
        _before += call.CostUsd ?? 0;
        _after += price.CostUsd ?? 0;
        _unpricedBefore += call.CostUsd is null ? 1 : 0;
        _unpricedAfter += price.CostUsd is null ? 1 : 0;
        if (price.CostUsd != call.CostUsd || price.PriceId != call.PriceId || price.CostReason != call.CostReason || price.Basis != call.Basis)
        {
            _changed++;
            rows.Append(call, price, book.Version);
        }
    }

    private async Task WriteAsync(RepriceRows rows, ClickHouseResult page, CancellationToken cancellation)
    {
        if (dryRun || rows.Block.RowCount == 0)
        {
            return;
        }

        await client.InsertAsync("llm_reprices", rows.Block, "reprice/" + rows.Run, cancellation);
        var parameters = new Dictionary<string, object?>
        {
            ["run"] = rows.Run,
            ["from"] = page.Rows[0].GetString("at"),
            ["to"] = NextNanosecond(page.Rows[^1]),
        };
        await client.CopyAsync(Replace, parameters, "llm_calls", "reprice/" + rows.Run + "/calls", cancellation);
    }

    private static string NextNanosecond(ClickHouseRow row)
    {
        const long NanosecondsPerTick = 100;
        long next = row.GetInt64("nanoseconds") + 1;
        return DateTimeOffset.UnixEpoch.AddTicks(next / NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture)
            + (next % NanosecondsPerTick).ToString("00", System.Globalization.CultureInfo.InvariantCulture);
    }
}
