using Telemetry.ClickHouse.Client;
using Telemetry.Processor.Attribution;

namespace Telemetry.Processor.Write;

/// <summary>
/// Takes calls back: a row of the same values with <c>sign = -1</c> in <c>llm_calls</c>, so that every sum over it and over the rollups is exact, and the
/// span's row in <c>llm_spans</c>. Idempotent by token, as every insert.
/// </summary>
internal sealed class CorrectionWriter(ClickHouseClient client)
{
    // They travel in the URL.
    private const int MostInOneQuery = 200;

    // Apart, because a replaced column would stand in the condition with its new value.
    private const string Source =
        """
        FROM (SELECT * FROM llm_calls WHERE sign = 1 AND tenant = {tenant:String} AND trace_id IN {traces:Array(String)} AND (trace_id, span_id) IN arrayZip({traces:Array(String)}, {spans:Array(String)})
        ORDER BY revision DESC LIMIT 1 BY trace_id, span_id)
        """;

    private const string TakeBack = "SELECT * REPLACE (toInt8(-1) AS sign) " + Source;

    private const string AsSpan =
        """
        SELECT ts, trace_id, span_id, parent_span_id, tenant, service, environment, operation AS name, operation, convention, instrumentation, role, status, error_type,
            provider, model_requested, model_answered, agent_name, workflow_name, tool_name, response_id, session_id, user_id, {reason:String} AS not_billed_because, input_tokens, output_tokens,
            duration_ms, ttft_ms, ttft_source, flags, labels, tags, metadata, log_partition, log_offset, ingested_at
        """ + " " + Source;

    /// <summary>Writes them, a few hundred at a time.</summary>
    public async Task WriteAsync(
        IReadOnlyList<Correction> corrections, string token, Func<string, Func<Task>, CancellationToken, Task> retry, CancellationToken cancellation)
    {
        foreach (IGrouping<(string Reason, string Tenant), Correction> group in corrections.GroupBy(c => (c.Reason, c.Tenant)))
        {
            int part = 0;
            foreach (Correction[] chunk in group.Chunk(MostInOneQuery))
            {
                var parameters = new Dictionary<string, object?>
                {
                    ["traces"] = chunk.Select(c => c.Trace).ToArray(),
                    ["spans"] = chunk.Select(c => c.Span).ToArray(),
                    ["reason"] = group.Key.Reason,
                    ["tenant"] = group.Key.Tenant,
                };
                string name = group.Key.Tenant == Correction.DefaultTenant ? $"{token}/{group.Key.Reason}/{part++}" : $"{token}/{group.Key.Reason}/{part++}/{group.Key.Tenant}";
                await retry("take calls back", () => client.CopyAsync(TakeBack, parameters, "llm_calls", name, cancellation), cancellation);
                await retry("move calls to the spans", () => client.CopyAsync(AsSpan, parameters, "llm_spans", name + "/span", cancellation), cancellation);
            }

            ProcessorMetrics.Corrections.Add(group.Count(), new KeyValuePair<string, object?>("reason", group.Key.Reason));
        }
    }
}
