using Telemetry.ClickHouse.Client;

namespace Telemetry.Judge.Score;

/// <summary>What is pending, oldest first, and what has ended.</summary>
internal sealed class RequestQueue(ClickHouseClient client, TimeSpan maxAge)
{
    // A score without an outcome is left by a crash between the two; it must not be asked for again.
    private const string Pending =
        """
        FROM llm_judge_requests AS r
        WHERE window_start >= {since:DateTime64(3, 'UTC')}
            AND (window_start, trace_id, span_id, rubric) NOT IN (SELECT window_start, trace_id, span_id, rubric FROM llm_judge_outcomes WHERE window_start >= {since:DateTime64(3, 'UTC')})
        """;

    private static readonly TimeSpan s_back = TimeSpan.FromDays(7);

    /// <summary>The oldest pending requests.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<JudgeRequest>> NextAsync(DateTimeOffset now, int most, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT window_start, trace_id, span_id, rubric, r.tenant AS tenant, r.service AS service, response_id, probability_sampled, probability {{Pending}}
                AND window_start >= {fresh:DateTime64(3, 'UTC')}
            ORDER BY window_start, position, span_id, rubric LIMIT {most:UInt32}
            """,
            new Dictionary<string, object?> { ["since"] = now - s_back, ["fresh"] = now - maxAge, ["most"] = most }, cancellation);
        return
        [
            .. result.Rows.Select(r => new JudgeRequest(
                r.GetDateTime("window_start"), r.GetString("trace_id"), r.GetString("span_id"), r.GetString("rubric"), r.GetString("tenant"), r.GetString("service"),
                r.GetString("response_id"), r.GetDouble("probability_sampled"), r.GetDouble("probability"))),
        ];
    }

    /// <summary>How many are pending, and the window of the oldest; null when none is.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<(long Count, DateTimeOffset? Oldest)> CountAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ClickHouseRow row = (await client.QueryAsync(
            $"SELECT count() AS pending, min(window_start) AS oldest {Pending}", new Dictionary<string, object?> { ["since"] = now - s_back }, cancellation)).Rows[0];
        return row.GetInt64("pending") is var pending && pending == 0 ? (0, null) : (pending, row.GetDateTime("oldest"));
    }

    /// <summary>Gives up what has waited too long.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public async Task<long> ExpireAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        string sql = $$"""SELECT window_start, trace_id, span_id, rubric, 'expired' AS outcome {{Pending}} AND window_start < {fresh:DateTime64(3, 'UTC')} ORDER BY window_start, trace_id, span_id, rubric LIMIT 10000""";
        var parameters = new Dictionary<string, object?> { ["since"] = now - s_back, ["fresh"] = now - maxAge };
        ClickHouseResult expired = await client.QueryAsync(sql, parameters, cancellation);
        if (expired.Rows.Count > 0)
        {
            await client.CopyAsync(sql, parameters, "llm_judge_outcomes", $"judge/expired/{now.ToUnixTimeMilliseconds()}", cancellation);
        }

        return expired.Rows.Count;
    }

    /// <summary>Notes the end of a request.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public Task EndAsync(JudgeRequest request, string outcome, CancellationToken cancellation) => client.CopyAsync(
        "SELECT {window:DateTime('UTC')} AS window_start, {trace:String} AS trace_id, {span:String} AS span_id, {rubric:String} AS rubric, {outcome:String} AS outcome",
        new Dictionary<string, object?> { ["window"] = request.WindowStart, ["trace"] = request.TraceId, ["span"] = request.SpanId, ["rubric"] = request.Rubric, ["outcome"] = outcome },
        "llm_judge_outcomes", $"judge/outcome/{request.WindowStart.ToUnixTimeSeconds()}/{request.TraceId}/{request.SpanId}/{request.Rubric}", cancellation);
}
