using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Tests.Support;

/// <summary>Calls in <c>llm_calls</c>, as the Processor would have written them.</summary>
internal sealed class Calls(ClickHouseClient client)
{
    private int _next;

    /// <summary>Inserts calls, evenly over a span of time that ends at an instant.</summary>
    public Task InsertAsync(int count, DateTimeOffset end, TimeSpan over, string columns = "", string values = "", string service = "checkout", string model = "gpt-4o-mini", CancellationToken cancellation = default)
    {
        int first = Interlocked.Add(ref _next, count) - count;
        string sql =
            $$"""
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, environment, provider, model_requested, operation, status, ingested_at{{(columns.Length > 0 ? ", " + columns : "")}})
            SELECT at, lower(hex(toFixedString(leftPad(toString(number + {first:UInt64}), 16, '0'), 16))), lower(leftPad(hex(number + {first:UInt64}), 16, '0')),
                'default', {service:String}, 'production', 'openai', {model:String}, 'chat', status, at{{(values.Length > 0 ? ", " + values : "")}}
            FROM
            (
                SELECT number, 'ok' AS status, fromUnixTimestamp64Milli(toInt64({end:Int64} - 1 - intDiv(({count:UInt64} - 1 - number) * {over:UInt64}, {count:UInt64}))) AS at
                FROM numbers({count:UInt64})
            )
            """;
        // A status of its own replaces the one above.
        sql = columns.Contains("status", StringComparison.Ordinal) ? sql.Replace(" status, ingested_at", " ingested_at", StringComparison.Ordinal).Replace("'chat', status, at", "'chat', at", StringComparison.Ordinal) : sql;
        return client.ExecuteAsync(
            sql,
            new Dictionary<string, object?>
            {
                ["count"] = count,
                ["first"] = first,
                ["end"] = end.ToUnixTimeMilliseconds(),
                ["over"] = (long)over.TotalMilliseconds,
                ["service"] = service,
                ["model"] = model,
            },
            cancellation);
    }

    /// <summary>A number for SQL.</summary>
    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
