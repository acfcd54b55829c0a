using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Judge.Tests.Support;

/// <summary>Calls with their messages, as the Processor would have written them.</summary>
internal sealed class Calls(ClickHouseClient client)
{
    private int _next;

    /// <summary>Inserts calls that arrived at a moment.</summary>
    public async Task InsertAsync(
        int count, DateTimeOffset at, string service = "checkout", string prompt = "greeting", string version = "1", string model = "gpt-4o-mini", string status = "ok", string[]? flags = null,
        double kept = 1, string answer = "Paris.", CancellationToken cancellation = default)
    {
        int first = Interlocked.Add(ref _next, count) - count;
        var parameters = new Dictionary<string, object?>
        {
            ["count"] = count,
            ["first"] = first,
            ["at"] = at,
            ["service"] = service,
            ["prompt"] = prompt,
            ["version"] = version,
            ["model"] = model,
            ["status"] = status,
            ["flags"] = flags ?? [],
            ["kept"] = kept,
            ["output"] = answer.Length == 0 ? "" : $$"""[{"role":"assistant","parts":[{"type":"text","content":{{System.Text.Json.JsonSerializer.Serialize(answer)}}}]}]""",
        };
        await client.ExecuteAsync(
            $$"""
            INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, input_messages, output_messages, probability, ingested_at)
            SELECT {at:DateTime64(3, 'UTC')}, {{Ids}}, 'default', {service:String}, '[{"role":"user","parts":[{"type":"text","content":"What is the capital of France?"}]}]', {output:String}, {kept:Float64}, {at:DateTime64(3, 'UTC')}
            FROM numbers({count:UInt64})
            """,
            parameters, cancellation);
        await client.ExecuteAsync(
            $$"""
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, environment, provider, model_requested, operation, status, prompt_name, prompt_version, flags, ingested_at)
            SELECT {at:DateTime64(3, 'UTC')}, {{Ids}}, 'default', {service:String}, 'production', 'openai', {model:String}, 'chat', {status:String}, {prompt:String}, {version:String}, {flags:Array(String)}, {at:DateTime64(3, 'UTC')}
            FROM numbers({count:UInt64})
            """,
            parameters, cancellation);
    }

    /// <summary>Trace id of a call.</summary>
    public static string Trace(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    private const string Ids = "lower(leftPad(hex(number + {first:UInt64}), 32, '0')), lower(leftPad(hex(number + {first:UInt64}), 16, '0'))";
}
