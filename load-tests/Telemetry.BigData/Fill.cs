using System.Diagnostics;
using Telemetry.ClickHouse.Client;

namespace Telemetry.BigData;

/// <summary>
/// Fills the tables within the engine. Rollups: one day is aggregated call by call, with real quantile states, and repeated for the other days. Calls: one by one, with
/// traces of three calls under an agent's span. Traffic: 10 services of very different size, 12 models, two environments and versions of prompts; 4 % errors.
/// </summary>
internal sealed class Fill(ClickHouseClient client, Arguments arguments)
{
    // Small services are many: the k-th has about 1/k of the first.
    private const string Dimensions = """
        cityHash64(number, 1) AS h,
        toUInt8(least(9, floor(exp((h % 1000003) / 1000003 * log(10))) - 1)) AS s,
        toUInt8((s * 3 + multiIf(intDiv(h, 7) % 100 < 70, 0, intDiv(h, 7) % 100 < 90, 1, 2)) % 12) AS m,
        intDiv(h, 1000) % 25 = 0 AS failed,
        concat('tenant-', toString(s % 6)) AS tenant,
        concat('service-', leftPad(toString(s), 2, '0')) AS service,
        if(s % 4 = 3, 'staging', 'production') AS environment,
        ['openai', 'anthropic', 'gcp.gemini', 'mistral_ai'][1 + m % 4] AS provider,
        concat('model-', leftPad(toString(m), 2, '0')) AS model_requested,
        model_requested AS model_answered,
        if(s % 5 = 4, 'embeddings', 'chat') AS operation,
        if(s % 5 = 4, '', concat('prompt-', toString(s % 7))) AS prompt_name,
        if(prompt_name = '', '', if(intDiv(h, 13) % 10 = 0, 'v2', 'v1')) AS prompt_version,
        if(failed, 'error', 'ok') AS status,
        100 + intDiv(h, 17) % 4000 AS input,
        if(failed, 0, 20 + intDiv(h, 19) % 800) AS output,
        exp(6.2 + m / 20 + 0.6 * ((intDiv(h, 23) % 1000) / 500 - 1)) AS ttft,
        ttft + output * (8 + m) AS duration
        """;

    // A state takes some kilobytes in memory, much more than on disk.
    private const string SmallBlocks = "SETTINGS max_block_size = 8192, max_threads = 2, min_insert_block_size_rows = 50000, min_insert_block_size_bytes = 0, max_insert_threads = 1";

    public async Task RunAsync()
    {
        await Say("views apart", Detach());
        await Say("rollups of a day", RollupDay());
        await Say("rollups of the other days", RollupDays());
        await Say("calls", EachDay(Calls));
        await Say("spans", EachDay(Spans));
        await Say("content of a week", EachDay(Content, 7));
        await Say("judgements", EachDay(Scores));
        await Say("views again", Attach());
    }

    private static async Task Say(string what, Task work)
    {
        long started = Stopwatch.GetTimestamp();
        await work;
        Console.Error.WriteLine($"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    private async Task Detach()
    {
        foreach (string view in (string[])["llm_rollup_1m_mv", "llm_rollup_1h_mv", "llm_rollup_1d_mv"])
        {
            await Execute($"DETACH TABLE {view}");
        }
    }

    private async Task Attach()
    {
        foreach (string view in (string[])["llm_rollup_1m_mv", "llm_rollup_1h_mv", "llm_rollup_1d_mv"])
        {
            await Execute($"ATTACH TABLE {view}");
        }
    }

    // By hours, since the states of a whole day would need a lot of memory at once.
    private async Task RollupDay()
    {
        long perHour = arguments.Calls / arguments.Days / 24;
        for (int hour = 0; hour < 24; hour++)
        {
            await Execute($$"""
                INSERT INTO llm_rollup_1m
                SELECT
                    toStartOfDay(now('UTC')) + toIntervalSecond({{hour}} * 3600 + intDiv(number * 3600, {{perHour}})) - toIntervalSecond(toUInt32(intDiv(number * 3600, {{perHour}})) % 60) AS ts,
                    tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status,
                    count() AS calls, countIf(failed) AS errors, 0, 0, countIf(m = 11) AS calls_unpriced, countIf(NOT failed) AS calls_with_ttft, countIf(h % 50 = 1), countIf(h % 200 = 2),
                    sum(input), sum(if(h % 3 = 0, 64, 0)), 0, sum(output), 0,
                    sum(if(m = 11, toDecimal128(0, 12), toDecimal128(input * 0.0000015 + output * 0.000006, 12))) AS cost_usd,
                    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(ttft, NOT failed), quantilesDDState(0.01, 0.5, 0.9, 0.95, 0.99)(duration), quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(1000 / (8. + m), NOT failed),
                    now('UTC')
                FROM (SELECT number, {{Dimensions}} FROM numbers({{hour * perHour}}, {{perHour}}))
                GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status
                """);
        }

        await Cascade("llm_rollup_1h", "toStartOfHour", "llm_rollup_1m");
        await Cascade("llm_rollup_1d", "toStartOfDay", "llm_rollup_1h");
    }

    private async Task RollupDays()
    {
        foreach (string table in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            for (int days = 1; days < arguments.Days;)
            {
                int more = Math.Min(days, arguments.Days - days);
                await Execute($"INSERT INTO {table} SELECT * REPLACE(ts - INTERVAL {days} DAY AS ts) FROM (SELECT * FROM {table} WHERE ts >= toStartOfDay(now('UTC')) - INTERVAL {more - 1} DAY) {SmallBlocks}");
                days += more;
            }
        }

        // Of today there is what has passed.
        foreach (string table in (string[])["llm_rollup_1m", "llm_rollup_1h"])
        {
            await Execute($"DELETE FROM {table} WHERE ts > now('UTC')");
        }
    }

    private Task Cascade(string to, string start, string from) => Execute($"""
        INSERT INTO {to}
        SELECT {start}(r.ts) AS ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status,
            sum(r.calls), sum(r.errors), 0, 0, sum(r.calls_unpriced), sum(r.calls_with_ttft), sum(r.calls_length), sum(r.calls_refused), sum(r.input_tokens), sum(r.cached_tokens), 0, sum(r.output_tokens), 0, sum(r.cost_usd),
            quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(r.ttft_ms_state), quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(r.duration_ms_state), quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(r.tokens_per_second_state),
            max(r.updated_at)
        FROM {from} AS r
        GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status
        {SmallBlocks}
        """);

    private async Task EachDay(Func<long, long, string> statement, int days = int.MaxValue)
    {
        long perDay = arguments.Raw / arguments.Days;
        for (int day = 0; day < Math.Min(days, arguments.Days); day++)
        {
            await Execute(statement(day * perDay, perDay));
        }
    }

    private static string Moment(long perDay) => $"now64(9) - toIntervalMillisecond(toUInt64(number * (86400000 / {perDay}))) - toIntervalMillisecond(2000)";

    private static string Calls(long from, long count) => $$"""
        INSERT INTO llm_calls (ts, trace_id, span_id, parent_span_id, tenant, service, environment, provider, model_requested, model_answered, operation, convention, instrumentation, stream, status, error_type,
            finish_reasons, response_id, prompt_name, prompt_version, session_id, user_id, input_tokens, cached_tokens, output_tokens, reasoning_tokens, tokens_source,
            cost_usd, cost_input_usd, cost_cached_usd, cost_output_usd, cost_reason, cost_basis, price_id, price_version, duration_ms, ttft_ms, tokens_per_second, flags, log_partition, log_offset, ingested_at)
        SELECT {{Moment(count)}} AS ts, {{Trace("number")}}, {{Span("number")}}, {{Span("intDiv(number, 3) + 1000000000")}}, tenant, service, environment, provider, model_requested, model_answered, operation, 'otel', 'demo', true,
            status, if(failed, ['rate_limit', 'timeout', '500'][1 + h % 3], ''), if(failed, [], ['stop']), concat('resp-', hex(h)), prompt_name, prompt_version,
            concat('session-', toString(intDiv(number, 12))), concat('user-', toString(h % 50000)), input, if(h % 3 = 0, 64, 0), output, 0, 'reported',
            if(m = 11, NULL, toDecimal64(input * 0.0000015 + output * 0.000006, 12)) AS cost, if(m = 11, NULL, toDecimal64(input * 0.0000015, 12)), if(m = 11, NULL, toDecimal64(0, 12)), if(m = 11, NULL, toDecimal64(output * 0.000006, 12)),
            if(m = 11, 'unknown_model', ''), if(m = 11, '', 'exact'), if(m = 11, '', concat(provider, '/', model_requested)), '2026-11', duration, if(failed, NULL, ttft), if(failed, NULL, 1000 / (8. + m)),
            if(h % 50 = 1, ['truncated'], []), h % 8, number, ts + INTERVAL 2 SECOND
        FROM (SELECT number, {{Dimensions}} FROM numbers({{from}}, {{count}}))
        """;

    private static string Spans(long from, long count) => $$"""
        INSERT INTO llm_spans (ts, trace_id, span_id, parent_span_id, tenant, service, environment, name, kind, operation, convention, role, status, not_billed_because, duration_ms, log_partition, log_offset, ingested_at)
        SELECT {{Moment(count)}} - INTERVAL 1 SECOND AS ts, {{Trace("number")}}, {{Span("intDiv(number, 3) + 1000000000")}}, '', tenant, service, environment, 'invoke_agent helper', 'internal', 'invoke_agent', 'otel', 'other', 'ok', 'not_a_call', 9000, h % 8, number, ts + INTERVAL 4 SECOND
        FROM (SELECT number, {{Dimensions}} FROM numbers({{from}}, {{count}}) WHERE number % 3 = 0)
        """;

    private static string Content(long from, long count) => $$"""
        INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, system_instructions, input_messages, output_messages, log_partition, log_offset, ingested_at)
        SELECT {{Moment(count)}} AS ts, {{Trace("number")}}, {{Span("number")}}, tenant, service, '[{"type":"text","content":"You answer questions about orders. Be short."}]',
            concat('[{"role":"user","parts":[{"type":"text","content":"Where is order ', hex(h), '? ', repeat('It was sent last week and has not come. ', toUInt8(1 + h % 20)), '"}]}]'),
            concat('[{"role":"assistant","parts":[{"type":"text","content":"Order ', hex(h), ' is on its way. ', repeat('It will come tomorrow. ', toUInt8(1 + h % 30)), '"}]}]'), h % 8, number, ts + INTERVAL 2 SECOND
        FROM (SELECT number, {{Dimensions}} FROM numbers({{from}}, {{count}}))
        """;

    private static string Scores(long from, long count) => $$"""
        INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at)
        SELECT {{Moment(count)}} AS ts, {{Trace("number")}}, {{Span("number")}}, tenant, service, 'relevance', 'judge', (h % 100) / 100, '', 'said so', 0.05, ts + INTERVAL 60 SECOND
        FROM (SELECT number, {{Dimensions}} FROM numbers({{from}}, {{count}}) WHERE cityHash64(number, 1) % 20 = 0)
        """;

    /// <summary>The trace of a call, as random as real ones are.</summary>
    public static string Trace(string number) => $"lower(hex(MD5(concat('trace', toString(intDiv({number}, 3))))))";

    private static string Span(string number) => $"lower(hex(sipHash64('span', {number})))";

    private Task Execute(string sql) => client.ExecuteAsync(sql, null, CancellationToken.None);
}
