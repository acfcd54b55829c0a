using Microsoft.Extensions.Logging;
using Telemetry.SpanLog.Kafka;
using Telemetry.SpanLog.Local;
using Telemetry.SpanLog.Topics;

namespace Telemetry.SpanLog;

/// <summary>Makes the span log that the options ask for.</summary>
public static class SpanLogFactory
{
    /// <summary>
    /// Makes the log; call <see cref="ISpanLog.StartAsync"/> next. Throws <see cref="SpanLogException"/> when the topics file or an
    /// option is wrong.
    /// </summary>
    public static ISpanLog Create(SpanLogOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var topics = TopicCatalog.Load(options);
        return options.Kind switch
        {
            SpanLogKind.Local => new LocalSpanLog(options, topics, loggerFactory.CreateLogger<LocalSpanLog>(), timeProvider),
            SpanLogKind.Kafka => new KafkaSpanLog(options, topics, loggerFactory.CreateLogger<KafkaSpanLog>(), timeProvider),
            _ => throw new SpanLogException($"Telemetry:SpanLog:Kind = \"{options.Kind}\": Local or Kafka is allowed"),
        };
    }
}
