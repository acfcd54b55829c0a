using Telemetry.ClickHouse.Client;

namespace Telemetry.Quality.Prompts;

/// <summary>Reads what is known of prompts and their versions.</summary>
public sealed class PromptStore(ClickHouseClient client)
{
    private const int MostRows = 1000;

    /// <summary>Prompts, those with the latest calls first.</summary>
    /// <param name="service">Only of this service; all when empty.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<PromptPace>> ListAsync(string service, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT service, prompt_name, toInt64(versions) AS versions, toInt64(deployments) AS deployments, toInt64(rollbacks) AS rollbacks, deployments_per_week, rollback_rate, judgements_per_day, median_hours_to_judge
            FROM llm_prompt_pace
            WHERE {service:String} = '' OR service = {service:String}
            ORDER BY service, prompt_name
            LIMIT {most:UInt32}
            """;
        ClickHouseResult result = await client.QueryAsync(Sql, new Dictionary<string, object?> { ["service"] = service, ["most"] = MostRows }, cancellation);
        return [.. result.Rows.Select(r => new PromptPace(
            r.GetString("service"), r.GetString("prompt_name"), r.GetInt64("versions"), r.GetInt64("deployments"), r.GetInt64("rollbacks"), r.GetDouble("deployments_per_week"),
            Number(r, "rollback_rate"), r.GetDouble("judgements_per_day"), Number(r, "median_hours_to_judge")))];
    }

    /// <summary>Versions of one prompt, the one that was first seen first.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<PromptVersion>> VersionsAsync(string prompt, string service, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT * FROM llm_prompt_versions
            WHERE prompt_name = {prompt:String} AND ({service:String} = '' OR service = {service:String})
            ORDER BY service, first_seen, prompt_version
            LIMIT {most:UInt32}
            """;
        ClickHouseResult result = await client.QueryAsync(Sql, new Dictionary<string, object?> { ["prompt"] = prompt, ["service"] = service, ["most"] = MostRows }, cancellation);
        return [.. result.Rows.Select(Version)];
    }

    /// <summary>Which version took over when, the oldest change first.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<PromptChange>> ChangesAsync(string prompt, string service, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT service, ts, kind, from_version, to_version FROM llm_prompt_changes
            WHERE prompt_name = {prompt:String} AND ({service:String} = '' OR service = {service:String})
            ORDER BY ts
            LIMIT {most:UInt32}
            """;
        ClickHouseResult result = await client.QueryAsync(Sql, new Dictionary<string, object?> { ["prompt"] = prompt, ["service"] = service, ["most"] = MostRows }, cancellation);
        return [.. result.Rows.Select(r => new PromptChange(r.GetString("service"), r.GetDateTime("ts"), r.GetString("kind"), r.GetString("from_version"), r.GetString("to_version")))];
    }

    private static PromptVersion Version(ClickHouseRow r) => new()
    {
        Service = r.GetString("service"),
        Version = r.GetString("prompt_version"),
        FirstSeen = r.GetDateTime("first_seen"),
        LastSeen = r.GetDateTime("last_seen"),
        Calls = r.GetInt64("calls"),
        ErrorShare = r.GetDouble("error_share"),
        FlaggedShare = Number(r, "flagged_share"),
        CostUsd = r.GetDecimal("cost_usd"),
        UnpricedCalls = r.GetInt64("calls_unpriced"),
        UsdPerCall = Number(r, "usd_per_call"),
        TokensPerCall = Number(r, "tokens_per_call"),
        DurationP50Milliseconds = Number(r, "duration_p50_ms"),
        DurationP95Milliseconds = Number(r, "duration_p95_ms"),
        FirstTokenP50Milliseconds = Number(r, "ttft_p50_ms"),
        FirstTokenP95Milliseconds = Number(r, "ttft_p95_ms"),
        Quality = Number(r, "quality"),
        Judgements = r.IsNull("judgements") ? 0 : r.GetInt64("judgements"),
        Feedback = Number(r, "feedback"),
        Opinions = r.IsNull("opinions") ? 0 : r.GetInt64("opinions"),
    };

    private static double? Number(ClickHouseRow row, string column) => row.IsNull(column) ? null : row.GetDouble(column);
}
