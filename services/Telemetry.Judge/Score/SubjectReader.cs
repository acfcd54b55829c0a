using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge.Score;

/// <summary>Reads what was said in a call, and what was retrieved for it.</summary>
internal sealed class SubjectReader(ClickHouseClient client)
{
    private const string Sql =
        """
        SELECT system_instructions, input_messages, output_messages,
            (SELECT (groupArray(given.context), min(given.probability)) FROM
                (SELECT context, c.probability AS probability FROM llm_content AS c WHERE c.trace_id = {trace:String} AND c.context != '' AND c.ts <= (SELECT max(ts) FROM llm_content AS own WHERE own.trace_id = {trace:String} AND own.span_id = {span:String})
                    ORDER BY c.ts, c.span_id LIMIT 1 BY c.span_id LIMIT 50) AS given) AS given_back,
            given_back.1 AS contexts, given_back.2 AS context_probability,
            (SELECT sum(sign) FROM llm_calls WHERE trace_id = {trace:String} AND span_id = {span:String}) AS calls
        FROM llm_content_now
        WHERE trace_id = {trace:String} AND span_id = {span:String}
        """;

    /// <summary>The subject and the probability with which its context was kept; or why there is none: <c>no_content</c>, <c>taken_back</c>.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<(JudgeSubject? Subject, double ContextProbability, string Reason)> ReadAsync(string traceId, string spanId, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(Sql, new Dictionary<string, object?> { ["trace"] = traceId, ["span"] = spanId }, cancellation);
        if (result.Rows.Count == 0)
        {
            return (null, 1, "no_content");
        }

        ClickHouseRow row = result.Rows[0];
        if (row.GetInt64("calls") <= 0)
        {
            return (null, 1, "taken_back");
        }

        JudgeSubject subject = Conversation.Of(row.GetString("system_instructions"), row.GetString("input_messages"), row.GetString("output_messages"), row.GetArray<string>("contexts"));
        double probability = row.GetArray<string>("contexts").Length > 0 ? row.GetDouble("context_probability") : 1;
        return string.IsNullOrWhiteSpace(subject.Answer) ? (null, 1, "no_content") : (subject, probability, "");
    }
}
