using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.Processor;

/// <summary>
/// The Processor's own metrics:
/// <list type="table">
/// <item><term>telemetry.processor.spans</term><description>Spans by fate (call, span, duplicate).</description></item>
/// <item><term>telemetry.processor.corrections</term><description>Calls taken back, by reason: another span turned out to report them.</description></item>
/// <item><term>telemetry.processor.late_traces</term><description>Traces with spans older than what is remembered, by fate: looked_up in ClickHouse, not_looked_up because there were too many.</description></item>
/// <item><term>telemetry.processor.events</term><description>Log records by kind: content, evaluation, own_evaluation (a score of our Judge, which is written already), other, not_sampled, without_span.</description></item>
/// <item><term>telemetry.processor.window.spans</term><description>Spans remembered, over all partitions.</description></item>
/// <item><term>telemetry.processor.unpriced</term><description>Calls without a price, by reason.</description></item>
/// <item><term>telemetry.processor.flagged</term><description>Calls that screening flagged, by flag.</description></item>
/// <item><term>telemetry.processor.estimated</term><description>Calls whose tokens were counted here, because none were reported.</description></item>
/// <item><term>telemetry.processor.dead_letters</term><description>Records that could not be decoded.</description></item>
/// <item><term>telemetry.processor.batch.size</term><description>Spans in a batch.</description></item>
/// <item><term>telemetry.processor.batch.duration</term><description>Seconds from closing a batch to its rows being visible.</description></item>
/// <item><term>telemetry.processor.freshness</term><description>Seconds from the end of the newest span of a batch to its row being visible.</description></item>
/// <item><term>telemetry.processor.write.retries</term><description>Attempts that ClickHouse did not take.</description></item>
/// <item><term>telemetry.processor.lag</term><description>What is not finished, the batch at hand included, by topic and partition: records (Kafka) or bytes (local log).</description></item>
/// </list>
/// </summary>
internal static class ProcessorMetrics
{
    public static Counter<long> Spans { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.spans", "{span}");

    public static Counter<long> Corrections { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.corrections", "{call}");

    public static Counter<long> LateTraces { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.late_traces", "{trace}");

    public static Counter<long> Events { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.events", "{event}");

    public static UpDownCounter<long> WindowSpans { get; } = TelemetryMeter.Meter.CreateUpDownCounter<long>("telemetry.processor.window.spans", "{span}");

    public static Counter<long> Unpriced { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.unpriced", "{call}");

    public static Counter<long> Flagged { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.flagged", "{call}");

    public static Counter<long> Estimated { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.estimated", "{call}");

    public static Counter<long> DeadLetters { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.dead_letters", "{record}");

    public static Histogram<long> BatchSize { get; } = TelemetryMeter.Meter.CreateHistogram<long>("telemetry.processor.batch.size", "{span}");

    public static Histogram<double> BatchDuration { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.processor.batch.duration", "s");

    public static Histogram<double> Freshness { get; } = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.processor.freshness", "s");

    public static Counter<long> Overtaken { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.overtaken", "{batch}");

    /// <summary>Reports the lag of a Processor's partitions while it lives.</summary>
    public static void ObserveLag(Func<IEnumerable<(string Topic, int Partition, long? Lag)>> lags) => TelemetryMeter.Meter.CreateObservableGauge(
        "telemetry.processor.lag",
        () => lags().Where(l => l.Lag is not null).Select(l => new Measurement<long>(l.Lag!.Value, new("topic", l.Topic), new("partition", l.Partition))));

    public static Counter<long> WriteRetries { get; } = TelemetryMeter.Meter.CreateCounter<long>("telemetry.processor.write.retries", "{attempt}");
}
