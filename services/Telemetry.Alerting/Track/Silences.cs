using System.IO.Enumeration;
using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Track;

/// <summary>One silence.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Matchers">Label, <c>rule</c> or <c>severity</c>, and its pattern; all must match.</param>
/// <param name="StartsAt">From when.</param>
/// <param name="EndsAt">Until when.</param>
/// <param name="CreatedBy">Who.</param>
/// <param name="Comment">Why.</param>
internal sealed record Silence(string Id, IReadOnlyDictionary<string, string> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment);

/// <summary>What people said: silences and acknowledgements.</summary>
internal sealed class Silences(ClickHouseClient client)
{
    private static readonly Dictionary<string, object?> s_nothing = [];

    private IReadOnlyList<Silence> _silences = [];
    private Dictionary<string, string> _acknowledged = [];

    /// <summary>Reads both.</summary>
    /// <param name="open">Ids of the open incidents.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task ReadAsync(IReadOnlyCollection<string> open, CancellationToken cancellation)
    {
        ClickHouseResult silences = await client.QueryAsync("SELECT silence_id, matchers, starts_at, ends_at, created_by, comment FROM alert_silences_now WHERE ends_at > now()", s_nothing, cancellation);
        _silences = [.. silences.Rows.Select(Read)];
        if (open.Count == 0)
        {
            _acknowledged = [];
            return;
        }

        ClickHouseResult acknowledged = await client.QueryAsync("SELECT incident_id, argMin(by, at) AS who FROM alert_acknowledgements GROUP BY incident_id", s_nothing, cancellation);
        _acknowledged = acknowledged.Rows.Where(r => open.Contains(r.GetString("incident_id"))).ToDictionary(r => r.GetString("incident_id"), r => r.GetString("who"));
    }

    /// <summary>Reads every silence that held at some time since a moment, as it stands now: one that was taken back does not count.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task ReadSinceAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        ClickHouseResult silences = await client.QueryAsync(
            "SELECT silence_id, matchers, starts_at, ends_at, created_by, comment FROM alert_silences_now WHERE ends_at > {since:DateTime64(3, 'UTC')}",
            new Dictionary<string, object?> { ["since"] = since }, cancellation);
        _silences = [.. silences.Rows.Select(Read)];
    }

    /// <summary>Who acknowledged an incident; null for nobody.</summary>
    public string? AcknowledgedBy(string incidentId) => _acknowledged.GetValueOrDefault(incidentId);

    /// <summary>Whether a silence or a window holds notifications back.</summary>
    public bool Holds(string rule, string severity, IReadOnlyDictionary<string, string> labels, DateTimeOffset now, IReadOnlyList<MaintenanceWindow> windows) =>
        _silences.Any(s => s.StartsAt <= now && now < s.EndsAt && Matches(s.Matchers, rule, severity, labels))
        || windows.Any(w => w.Contains(now) && Matches(w.Matchers, rule, severity, labels));

    /// <summary>Whether all patterns match. No pattern matches nothing.</summary>
    public static bool Matches(IReadOnlyDictionary<string, string> matchers, string rule, string severity, IReadOnlyDictionary<string, string> labels) =>
        matchers.Count > 0 && matchers.All(m => FileSystemName.MatchesSimpleExpression(m.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal), m.Key switch
        {
            "rule" => rule,
            "severity" => severity,
            _ => labels.GetValueOrDefault(m.Key, ""),
        }, ignoreCase: false));

    /// <summary>A row of <c>alert_silences</c>.</summary>
    public static Silence Read(ClickHouseRow row) => new(
        row.GetString("silence_id"),
        ((Dictionary<object, object?>)row.GetValue("matchers")!).ToDictionary(m => (string)m.Key, m => (string)m.Value!),
        row.GetDateTime("starts_at"), row.GetDateTime("ends_at"), row.GetString("created_by"), row.GetString("comment"));
}
