using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Notify;

/// <summary>Who hears of a rule.</summary>
internal static class Route
{
    /// <summary>The rule's channels that exist; without any, those that are marked as default for the severity.</summary>
    public static IReadOnlyList<string> Targets(Rule rule, string severity, IReadOnlyList<ChannelDefinition> channels) => rule.Notify.Count > 0
        ? [.. rule.Notify.Where(n => channels.Any(c => c.Name == n))]
        : [.. channels.Where(c => c.IsDefault && (c.Severities.Count == 0 || c.Severities.Contains(severity))).Select(c => c.Name)];

    /// <summary>Channels whose receiver goes on calling people until it knows that somebody has acknowledged.</summary>
    public static IReadOnlyList<string> Acknowledging(IReadOnlyList<ChannelDefinition> channels) => [.. channels.Where(c => c.Type == "pagerduty").Select(c => c.Name)];

    /// <summary>Errors for channels that rules name and that do not exist.</summary>
    public static IReadOnlyList<string> Unknown(RuleSet rules, IReadOnlyList<ChannelDefinition> channels) =>
    [
        .. rules.Rules.SelectMany(r => r.Notify.Concat(r.Escalations.SelectMany(e => e.Channels)).Distinct()
            .Where(n => !channels.Any(c => c.Name == n))
            .Select(n => $"{r.Place}: {r.Name}: notify = \"{n}\"; allowed: {string.Join(", ", channels.Select(c => c.Name))}")),
    ];
}
