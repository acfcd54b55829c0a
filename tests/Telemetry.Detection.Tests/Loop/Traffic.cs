using Telemetry.ClickHouse.Client;

namespace Telemetry.Detection.Tests.Loop;

/// <summary>Rows of <c>llm_calls</c> and reports of Processors, put straight into the tables.</summary>
internal sealed class Traffic(ClickHouseClient client)
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    /// <summary>Calls of some minutes: as many in each, with log-normal durations, a few errors.</summary>
    /// <param name="service">The service.</param>
    /// <param name="from">Start of the first minute.</param>
    /// <param name="minutes">How many.</param>
    /// <param name="perMinute">Calls in each.</param>
    /// <param name="slower">Factor on durations and times to the first token.</param>
    /// <param name="errorShare">Share of failed calls.</param>
    /// <param name="model">The model.</param>
    /// <param name="errorType">Type of their errors.</param>
    /// <param name="priced">Whether they have a price.</param>
    public Task CallAsync(
        string service, DateTimeOffset from, int minutes, int perMinute, double slower = 1, double errorShare = 0, string model = "gpt-4o", string errorType = "timeout", bool priced = true) =>
        client.ExecuteAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, operation, status, error_type, finish_reasons, prompt_name, prompt_version,
                input_tokens, output_tokens, tokens_source, cost_usd, duration_ms, ttft_ms, tokens_per_second)
            SELECT {from:DateTime64(9)} + INTERVAL intDiv(number, {per:UInt32}) MINUTE + toIntervalMillisecond(number % {per:UInt32} * intDiv(59000, {per:UInt32})) AS ts,
                lower(hex(sipHash128(number, {service:String}, {from:DateTime64(9)}, {model:String}))) AS trace_id, left(trace_id, 16), 'acme', {service:String}, {model:String}, 'chat',
                if(cityHash64(trace_id, 'e') % 10000 < {errors:Float64} * 10000, 'error', 'ok') AS state, if(state = 'error', {type:String}, ''), ['stop'], 'greet', '3',
                900 + cityHash64(trace_id, 'i') % 200, 250 + cityHash64(trace_id, 'o') % 60, 'reported', if({priced:Bool}, toDecimal64(0.004, 12), NULL),
                2000 * {slower:Float64} * exp(0.3 * (cityHash64(trace_id, 'd') % 1000 / 500. - 1)), 400 * {slower:Float64} * exp(0.3 * (cityHash64(trace_id, 't') % 1000 / 500. - 1)), 120 / {slower:Float64}
            FROM numbers({per:UInt32} * {minutes:UInt32})
            """,
            new Dictionary<string, object?>
            {
                ["from"] = from,
                ["per"] = perMinute,
                ["minutes"] = minutes,
                ["service"] = service,
                ["errors"] = errorShare,
                ["slower"] = slower,
                ["model"] = model,
                ["type"] = errorType,
                ["priced"] = priced,
            },
            _cancellation);

    /// <summary>Reports of the partitions of <c>llm.spans</c>.</summary>
    public async Task PassAsync(DateTimeOffset reportedAt, params DateTimeOffset[] passed)
    {
        for (int partition = 0; partition < passed.Length; partition++)
        {
            await ReportAsync(partition, passed.Length, reportedAt, passed[partition]);
        }
    }

    /// <summary>One partition's report.</summary>
    public Task ReportAsync(int partition, int partitions, DateTimeOffset reportedAt, DateTimeOffset passed) => client.ExecuteAsync(
        """
        INSERT INTO span_log_progress (topic, partition, log_id, partitions, passed_at, processor, at)
        SELECT 'llm.spans', {partition:Int32}, '', {partitions:UInt32}, {passed:DateTime64(3)}, 'p', {at:DateTime64(3)}
        """,
        new Dictionary<string, object?> { ["partition"] = partition, ["partitions"] = partitions, ["passed"] = passed, ["at"] = reportedAt },
        _cancellation);
}
