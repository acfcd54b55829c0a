using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.Judge;

/// <summary>
/// The judge's own metrics:
/// <list type="table">
/// <item><term>telemetry.judge.windows</term><description>Windows sampled.</description></item>
/// <item><term>telemetry.judge.sampled</term><description>Judgements that sampling asked for.</description></item>
/// <item><term>telemetry.judge.outcomes</term><description>Requests that ended, by rubric and outcome: judged, failed, no_context, no_reference, no_content, taken_back, no_rubric, expired.</description></item>
/// <item><term>telemetry.judge.failures</term><description>Judgements that failed for good, by error: invalid_answer, refusal, truncated, ...</description></item>
/// <item><term>telemetry.judge.repaired</term><description>Answers that broke the schema and were right at the second time.</description></item>
/// <item><term>telemetry.judge.requests</term><description>Requests to the endpoint, by error; empty when answered.</description></item>
/// <item><term>telemetry.judge.request.duration</term><description>Seconds of one request.</description></item>
/// <item><term>telemetry.judge.told</term><description>Exports of the judge's own calls and scores over OTLP, by outcome: sent, lost.</description></item>
/// <item><term>telemetry.judge.pending</term><description>Sampled calls that wait for a judgement.</description></item>
/// <item><term>telemetry.judge.spent</term><description>US dollars of today that are spent or set aside.</description></item>
/// <item><term>telemetry.judge.budget</term><description>US dollars that a day may cost.</description></item>
/// <item><term>telemetry.judge.pressure</term><description>What the budget left of what the rules ask for in the last window; 1 when all.</description></item>
/// <item><term>telemetry.judge.delay</term><description>Seconds from the end of the last sampled window to now.</description></item>
/// <item><term>telemetry.judge.leader</term><description>1 on the instance that judges, else 0.</description></item>
/// </list>
/// </summary>
internal static class JudgeMetrics
{
    public static Counter<long> Windows { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.windows", "{window}");

    public static Counter<long> Sampled { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.sampled", "{judgement}");

    public static Counter<long> Outcomes { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.outcomes", "{judgement}");

    public static Counter<long> Failures { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.failures", "{judgement}");

    public static Counter<long> Repaired { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.repaired", "{judgement}");

    public static Counter<long> Requests { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.requests", "{request}");

    public static Histogram<double> RequestDuration { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.judge.request.duration", "s");

    public static Counter<long> Told { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.judge.told", "{export}");

    /// <summary>Reports what a service knows about itself while it lives.</summary>
    public static void Observe(JudgeService service)
    {
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.pending", () => service.Pending, "{judgement}");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.spent", () => (double)service.SpentUsd, "USD");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.budget", () => (double)service.BudgetUsd, "USD");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.pressure", () => service.Pressure, "1");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.delay", () => service.DelaySeconds, "s");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.judge.leader", () => service.IsLeader ? 1 : 0);
    }
}
