using Telemetry.ClickHouse.Client;

namespace Telemetry.Quality.Levers;

/// <summary>Reads what would have been saved in the last seven days.</summary>
public sealed class LeverStore(ClickHouseClient client)
{
    private const int MostRows = 500;

    // Within the memory that the server allows a query; large sorts go to disk.
    private const string Bounds = "SETTINGS max_bytes_before_external_group_by = 300000000, max_bytes_before_external_sort = 300000000, max_execution_time = 300";

    /// <summary>Reads the report.</summary>
    /// <param name="service">Only this service; all when empty.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked, or the week is too large for its bounds.</exception>
    public async Task<LeverReport> ReadAsync(string service, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, object?> { ["service"] = service, ["most"] = MostRows };
        ClickHouseRow seen = (await client.QueryAsync(
            "SELECT days, toInt64(calls) AS calls, toInt64(priced_calls) AS priced, toInt64(calls_with_messages) AS with_messages, cost_usd FROM llm_lever_coverage", parameters, cancellation)).Rows[0];
        ClickHouseResult levers = await client.QueryAsync(
            $$"""
            SELECT lever, service, toInt64(calls) AS calls, saved_usd_per_month, counted_usd_per_month, example_traces FROM llm_levers
            WHERE {service:String} = '' OR service = {service:String}
            ORDER BY counted_usd_per_month DESC, saved_usd_per_month DESC, lever, service
            LIMIT {most:UInt32}
            {{Bounds}}
            """,
            parameters,
            cancellation);
        return new LeverReport(
            seen.GetDouble("days"), seen.GetInt64("calls"), seen.GetInt64("priced"), seen.GetInt64("with_messages"), seen.GetDouble("cost_usd") / seen.GetDouble("days") * LeverReport.DaysOfMonth,
            [.. levers.Rows.Select(r => new Lever(
                r.GetString("lever"), r.GetString("service"), r.GetInt64("calls"), r.GetDouble("saved_usd_per_month"), r.GetDouble("counted_usd_per_month"), r.GetArray<string>("example_traces")))]);
    }
}
