namespace Telemetry.Alerting.Read;

/// <summary>All rules and windows of one reading.</summary>
/// <param name="Rules">Rules, names unique.</param>
/// <param name="Maintenance">Windows.</param>
internal sealed record RuleSet(IReadOnlyList<Rule> Rules, IReadOnlyList<MaintenanceWindow> Maintenance);
