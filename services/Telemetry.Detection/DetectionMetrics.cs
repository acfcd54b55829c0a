using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.Detection;

/// <summary>
/// The detection's own metrics:
/// <list type="table">
/// <item><term>telemetry.detection.anomalies</term><description>Rows written, by metric, change (open, again, closed) and severity: again for one that became worse or came back.</description></item>
/// <item><term>telemetry.detection.minutes</term><description>Minutes looked at, by fate: closed, or forced because a Processor did not get on.</description></item>
/// <item><term>telemetry.detection.keys</term><description>Keys that are watched.</description></item>
/// <item><term>telemetry.detection.keys.left_out</term><description>Keys of the last day that are not watched, because there are too many.</description></item>
/// <item><term>telemetry.detection.delay</term><description>Seconds from the end of the newest minute that was looked at to now.</description></item>
/// <item><term>telemetry.detection.tick.duration</term><description>Seconds of one round.</description></item>
/// </list>
/// </summary>
internal static class DetectionMetrics
{
    private static long s_keys;
    private static long s_leftOut;

    static DetectionMetrics()
    {
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.detection.keys", () => Interlocked.Read(ref s_keys), "{key}");
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.detection.keys.left_out", () => Interlocked.Read(ref s_leftOut), "{key}");
    }

    public static Counter<long> Anomalies { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.detection.anomalies", "{anomaly}");

    public static Counter<long> Minutes { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.detection.minutes", "{minute}");

    public static Histogram<double> Delay { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.detection.delay", "s");

    public static Histogram<double> TickDuration { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.detection.tick.duration", "s");

    /// <summary>Tells how many keys are watched and how many are not.</summary>
    public static void SetKeys(long watched, long leftOut)
    {
        Interlocked.Exchange(ref s_keys, watched);
        Interlocked.Exchange(ref s_leftOut, leftOut);
    }
}
