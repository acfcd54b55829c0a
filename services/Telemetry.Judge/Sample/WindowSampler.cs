using Telemetry.ClickHouse.Client;

namespace Telemetry.Judge.Sample;

/// <summary>
/// Samples windows, each once. The plan of a window is noted before anything of it is sampled, under a token of its own, and what stands is what is sampled by: so two
/// instances, or one that was killed anywhere and begins again, sample the same calls with the same probabilities and write them once.
/// </summary>
internal sealed class WindowSampler(ClickHouseClient client, SamplingKey key, string instance)
{
    private const string KeyColumns = "tenant, service, prompt_name, prompt_version, model";

    private readonly StratumRows _rows = new();

    /// <summary>End of the last window that was sampled; null when none was.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<DateTimeOffset?> LastAsync(CancellationToken cancellation)
    {
        ClickHouseRow row = (await client.QueryAsync("SELECT count() AS windows, max(window_end) AS last FROM llm_judge_windows", null, cancellation)).Rows[0];
        return row.GetInt64("windows") == 0 ? null : row.GetDateTime("last");
    }

    /// <summary>Samples one window.</summary>
    /// <param name="rules">Rules in their order.</param>
    /// <param name="from">Its start.</param>
    /// <param name="allowance">Expected judgements that it may lead to at most.</param>
    /// <param name="cancellation">Gives up; the window can be sampled again.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked, or does not take a row.</exception>
    public async Task<SampledWindow> SampleAsync(IReadOnlyList<SamplingRule> rules, DateTimeOffset from, double allowance, CancellationToken cancellation)
    {
        DateTimeOffset to = from + ClosedWindows.Length;
        var sql = new WindowSql(rules, from, to, key);
        string name = from.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", System.Globalization.CultureInfo.InvariantCulture);
        if (!await IsPlannedAsync(from, cancellation))
        {
            (IReadOnlyList<PlannedStratum> planned, _) = SamplingPlan.Of(await CountAsync(sql, rules, from, cancellation), allowance);
            _rows.Block.Clear();
            foreach (PlannedStratum stratum in planned)
            {
                _rows.Append(from, to, stratum, instance);
            }

            await client.InsertAsync("llm_judge_strata", _rows.Block, $"judge/strata/{name}", cancellation);
        }

        await client.CopyAsync(Requests(sql), sql.Parameters, "llm_judge_requests", $"judge/requests/{name}", cancellation);
        return await NoteAsync(from, to, name, cancellation);
    }

    private async Task<bool> IsPlannedAsync(DateTimeOffset from, CancellationToken cancellation) => (await client.QueryAsync(
        "SELECT count() AS strata FROM llm_judge_strata WHERE window_start = {from:DateTime('UTC')}", new Dictionary<string, object?> { ["from"] = from }, cancellation)).Rows[0].GetInt64("strata") > 0;

    private async Task<IReadOnlyList<Stratum>> CountAsync(WindowSql sql, IReadOnlyList<SamplingRule> rules, DateTimeOffset from, CancellationToken cancellation)
    {
        ClickHouseResult counts = await client.QueryAsync(
            $"SELECT {KeyColumns}, rule, count() AS calls, countIf(answered) AS answered_calls FROM ({sql.Calls}) GROUP BY {KeyColumns}, rule ORDER BY {KeyColumns}, rule", sql.Parameters, cancellation);
        if (counts.Rows.Count == 0)
        {
            return [];
        }

        ClickHouseResult day = await client.QueryAsync(
            $$"""
            SELECT {{KeyColumns}}, sum(s.answered) AS day FROM llm_judge_strata AS s
            WHERE window_start >= {from:DateTime('UTC')} - INTERVAL 1 DAY AND window_start < {from:DateTime('UTC')} GROUP BY {{KeyColumns}}
            """,
            new Dictionary<string, object?> { ["from"] = from }, cancellation);
        Dictionary<StratumKey, long> before = day.Rows.ToDictionary(Key, r => r.GetInt64("day"));
        Dictionary<string, SamplingRule> named = rules.ToDictionary(r => r.Name, StringComparer.Ordinal);
        return
        [
            .. counts.Rows.Select(r => new Stratum(
                Key(r), named[r.GetString("rule")], r.GetInt64("calls"), r.GetInt64("answered_calls"), before.GetValueOrDefault(Key(r)))),
        ];
    }

    private static StratumKey Key(ClickHouseRow row) =>
        new(row.GetString("tenant"), row.GetString("service"), row.GetString("prompt_name"), row.GetString("prompt_version"), row.GetString("model"));

    // By the noted plan alone.
    private static string Requests(WindowSql sql) =>
        $$"""
        SELECT toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AS window_start, call.trace_id AS trace_id, call.span_id AS span_id, arrayJoin(plan.rubrics) AS rubric, call.call_at AS call_at,
            call.tenant AS tenant, call.service AS service, call.prompt_name AS prompt_name, call.prompt_version AS prompt_version, call.model AS model, call.rule AS rule,
            call.response_id AS response_id, call.position AS position, plan.sampled AS probability_sampled, plan.sampled * call.kept AS probability
        FROM (SELECT *, {{SamplingKey.PositionSql}} AS position FROM ({{sql.Calls}}) WHERE answered) AS call
        INNER JOIN
        (
            SELECT {{KeyColumns}}, rule, any(s.rubrics) AS rubrics, any(s.probability) AS sampled
            FROM llm_judge_strata AS s WHERE window_start = {from:DateTime64(3, 'UTC')} GROUP BY {{KeyColumns}}, rule
        ) AS plan ON plan.tenant = call.tenant AND plan.service = call.service AND plan.prompt_name = call.prompt_name AND plan.prompt_version = call.prompt_version
            AND plan.model = call.model AND plan.rule = call.rule
        WHERE call.position < plan.sampled
        ORDER BY trace_id, span_id, rubric
        """;

    private async Task<SampledWindow> NoteAsync(DateTimeOffset from, DateTimeOffset to, string name, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AS window_start, toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AS window_end, strata.calls AS calls,
                (SELECT count() FROM llm_judge_requests WHERE window_start = {from:DateTime64(3, 'UTC')}) AS requests, strata.pressure AS pressure, {by:String} AS sampled_by
            FROM
            (
                SELECT sum(s.calls) AS calls, if(sum(s.answered * s.share * length(s.rubrics)) > 0, sum(s.answered * s.probability * length(s.rubrics)) / sum(s.answered * s.share * length(s.rubrics)), 1) AS pressure
                FROM llm_judge_strata AS s WHERE window_start = {from:DateTime64(3, 'UTC')}
            ) AS strata
            """;
        var parameters = new Dictionary<string, object?> { ["from"] = from, ["to"] = to, ["by"] = instance };
        await client.CopyAsync(Sql, parameters, "llm_judge_windows", $"judge/window/{name}", cancellation);
        ClickHouseRow row = (await client.QueryAsync(Sql, parameters, cancellation)).Rows[0];
        return new SampledWindow(from, to, row.GetInt64("calls"), row.GetInt64("requests"), row.GetDouble("pressure"));
    }
}
