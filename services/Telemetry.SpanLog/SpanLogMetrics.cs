using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.SpanLog;

/// <summary>The span log's instruments; attribute <c>reason</c> of refusals is one of the constants here.</summary>
internal static class SpanLogMetrics
{
    public const string TooLarge = "too_large";
    public const string Full = "full";
    public const string QueueFull = "queue_full";
    public const string Io = "io_error";
    public const string Timeout = "timeout";
    public const string Broker = "broker_error";
    public const string Unavailable = "unavailable";

    private static readonly Histogram<double> AppendDuration = TelemetryMeter.Meter.CreateHistogram<double>(
        "telemetry.span_log.append.duration", "s", "Time from AppendAsync to its answer, one value a call");

    private static readonly Histogram<double> CommitDuration = TelemetryMeter.Meter.CreateHistogram<double>(
        "telemetry.span_log.commit.duration", "s", "Time of one commit to disk shared by many appends (local log)");

    private static readonly Counter<long> AppendedRecords = TelemetryMeter.Meter.CreateCounter<long>(
        "telemetry.span_log.append.records", "{record}", "Records that became durable");

    private static readonly Counter<long> AppendedBytes = TelemetryMeter.Meter.CreateCounter<long>(
        "telemetry.span_log.append.bytes", "By", "Bytes of records that became durable");

    private static readonly Counter<long> Refusals = TelemetryMeter.Meter.CreateCounter<long>(
        "telemetry.span_log.append.refusals", "{append}", "Appends that were not durable, by reason");

    private static readonly Counter<long> Gaps = TelemetryMeter.Meter.CreateCounter<long>(
        "telemetry.span_log.read.out_of_range", "{event}", "Reads that had to go on elsewhere because retention took the wanted offset");

    private static readonly Counter<long> ReaderErrors = TelemetryMeter.Meter.CreateCounter<long>(
        "telemetry.span_log.read.errors", "{error}", "Errors that readers met and went on after");

    private static readonly Lock LaneGate = new();
    private static readonly HashSet<LagSource> Lanes = [];

    static SpanLogMetrics() => TelemetryMeter.Meter.CreateObservableGauge(
        "telemetry.span_log.lag", ObserveLag, null, "What is behind the last record read: records (Kafka) or bytes (local), per assigned partition");

    /// <summary>One assigned lane whose lag is observed.</summary>
    public sealed record LagSource(string Group, ISpanLogLane Lane);

    public static void Appended(string topic, int records, long bytes, double seconds)
    {
        var tag = new KeyValuePair<string, object?>("topic", topic);
        AppendDuration.Record(seconds, tag);
        AppendedRecords.Add(records, tag);
        AppendedBytes.Add(bytes, tag);
    }

    public static void Refused(string topic, string reason) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("reason", reason));

    public static void Committed(double seconds) => CommitDuration.Record(seconds);

    public static void OutOfRange(string topic) => Gaps.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public static void ReaderError() => ReaderErrors.Add(1);

    public static void Observe(LagSource source)
    {
        lock (LaneGate)
        {
            Lanes.Add(source);
        }
    }

    public static void Forget(LagSource source)
    {
        lock (LaneGate)
        {
            Lanes.Remove(source);
        }
    }

    private static List<Measurement<long>> ObserveLag()
    {
        lock (LaneGate)
        {
            var values = new List<Measurement<long>>(Lanes.Count);
            foreach ((string group, ISpanLogLane lane) in Lanes)
            {
                if (lane.Lag is { } lag)
                {
                    values.Add(new Measurement<long>(
                        lag,
                        new KeyValuePair<string, object?>("group", group),
                        new KeyValuePair<string, object?>("topic", lane.Topic),
                        new KeyValuePair<string, object?>("partition", lane.Partition)));
                }
            }

            return values;
        }
    }
}
