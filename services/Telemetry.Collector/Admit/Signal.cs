namespace Telemetry.Collector.Admit;

/// <summary>The OTLP signals that are taken.</summary>
internal enum Signal
{
    /// <summary>Spans: <c>ExportTraceServiceRequest</c>.</summary>
    Traces,

    /// <summary>Log records: <c>ExportLogsServiceRequest</c>.</summary>
    Logs,
}
