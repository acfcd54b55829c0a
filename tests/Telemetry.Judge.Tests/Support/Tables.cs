using Telemetry.ClickHouse.Client;

namespace Telemetry.Judge.Tests.Support;

/// <summary>Asks tables until they say what is awaited.</summary>
internal static class Tables
{
    public static async Task<long> CountAsync(this ClickHouseClient client, string sql, CancellationToken cancellation) =>
        (await client.QueryAsync($"SELECT toInt64({sql}) AS n", null, cancellation)).Rows[0].GetInt64("n");

    public static async Task<decimal> UsdAsync(this ClickHouseClient client, CancellationToken cancellation) =>
        (await client.QueryAsync("SELECT toDecimal128(sum(spent_usd), 12) AS n FROM llm_judge_budget", null, cancellation)).Rows[0].GetDecimal("n");

    public static async Task UntilAsync(this ClickHouseClient client, string sql, long expected, CancellationToken cancellation, Func<string>? log = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(240));
        long last = -1;
        try
        {
            while ((last = await client.CountAsync(sql, limit.Token)) != expected)
            {
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{sql} is {last}, not {expected}\n{log?.Invoke()}");
        }
    }
}
