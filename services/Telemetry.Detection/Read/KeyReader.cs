using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Model;

namespace Telemetry.Detection.Read;

/// <summary>Finds the keys that are worth watching: the most active ones of the last day.</summary>
internal sealed class KeyReader(ClickHouseClient client)
{
    private static readonly string s_sql = string.Join("\nUNION ALL\n", Scope.All.Select(OfScope));

    /// <summary>The keys, the most active first, and how many there are.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<(IReadOnlyList<(ulong Id, MetricKey Key)> Keys, long All)> ReadAsync(DateTimeOffset now, int most, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $"SELECT *, count() OVER () AS all_keys FROM ({s_sql}) ORDER BY active DESC, id LIMIT {{most:UInt32}}",
            new Dictionary<string, object?> { ["from"] = now.AddDays(-1), ["most"] = most },
            cancellation);
        return ([.. result.Rows.Select(Read)], result.Rows.Count == 0 ? 0 : result.Rows[0].GetInt64("all_keys"));
    }

    private static (ulong Id, MetricKey Key) Read(ClickHouseRow row) => (
        row.GetUInt64("id"),
        new MetricKey(
            Scope.Find(row.GetString("scope"))!, row.GetString("key_tenant"), row.GetString("key_service"), row.GetString("key_model"), row.GetString("key_operation"),
            row.GetString("key_prompt"), row.GetString("key_version")));

    private static string OfScope(Scope scope) =>
        $$"""
        SELECT '{{scope.Name}}' AS scope, {{scope.Hash}} AS id, toString({{scope.Tenant}}) AS key_tenant, toString({{scope.Service}}) AS key_service,
            toString({{scope.Model}}) AS key_model, toString({{scope.Operation}}) AS key_operation, toString({{scope.PromptName}}) AS key_prompt,
            toString({{scope.PromptVersion}}) AS key_version, sum(r.calls) AS active
        FROM llm_rollup_1h AS r
        WHERE r.ts >= toStartOfHour({from:DateTime64(9, 'UTC')}) AND {{scope.Condition}}
        GROUP BY id, key_tenant, key_service, key_model, key_operation, key_prompt, key_version
        """;
}
