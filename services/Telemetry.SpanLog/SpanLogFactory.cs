using Microsoft.Extensions.Logging;
using Telemetry.SpanLog.Local;

namespace Telemetry.SpanLog;

/// <summary>Makes the span log that the options ask for.</summary>
public static class SpanLogFactory
{
    /// <summary>Creates the log without opening it; see <see cref="ISpanLog.StartAsync"/>.</summary>
    public static ISpanLog Create(SpanLogOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Kind switch
        {
            SpanLogKind.Local => new LocalSpanLog(options, loggers, time),
            _ => throw new SpanLogException($"Telemetry:SpanLog:Kind = \"{options.Kind}\": not available"),
        };
    }
}
