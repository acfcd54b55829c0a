using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.Alerting;

/// <summary>
/// Alerting's own metrics:
/// <list type="table">
/// <item><term>telemetry.alerting.evaluation.duration</term><description>Seconds that one round over all rules took.</description></item>
/// <item><term>telemetry.alerting.rule.errors</term><description>Rules that could not be evaluated, by rule.</description></item>
/// <item><term>telemetry.alerting.groups_left_out</term><description>Groups over max_groups, by rule.</description></item>
/// <item><term>telemetry.alerting.notifications</term><description>Ends of notifications, by channel and outcome: delivered, dropped.</description></item>
/// <item><term>telemetry.alerting.attempts_failed</term><description>Attempts that a receiver did not take, by channel.</description></item>
/// <item><term>telemetry.alerting.incidents</term><description>Open incidents, by state.</description></item>
/// <item><term>telemetry.alerting.notifications_owed</term><description>Notifications that wait, by channel.</description></item>
/// <item><term>telemetry.alerting.leader</term><description>1 on the instance that evaluates, else 0.</description></item>
/// <item><term>telemetry.alerting.files_refused</term><description>1 while changed rules or channels are wrong and the last good ones stay.</description></item>
/// </list>
/// </summary>
internal static class AlertingMetrics
{
    public static Histogram<double> EvaluationDuration { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.alerting.evaluation.duration", "s");

    public static Counter<long> RuleErrors { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.alerting.rule.errors", "{error}");

    public static Counter<long> GroupsLeftOut { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.alerting.groups_left_out", "{group}");

    public static Counter<long> Notifications { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.alerting.notifications", "{notification}");

    public static Counter<long> AttemptsFailed { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.alerting.attempts_failed", "{attempt}");

    /// <summary>Reports what a service knows about itself while it lives.</summary>
    public static void Observe(AlertingService service)
    {
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.alerting.incidents", () => service.OpenIncidents.Select(i => new Measurement<long>(i.Count, new KeyValuePair<string, object?>("state", i.State))));
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.alerting.notifications_owed", () => service.Owed.Select(o => new Measurement<long>(o.Value ?? 0, new KeyValuePair<string, object?>("channel", o.Key))));
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.alerting.leader", () => service.IsLeader ? 1 : 0);
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.alerting.files_refused", () => service.FilesProblem is null ? 0 : 1);
    }
}
