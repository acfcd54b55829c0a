namespace Telemetry.SpanLog;

/// <summary>Names of the span log's topics. Their settings stand in <c>schemas/topics.yaml</c>.</summary>
public static class SpanLogTopics
{
    /// <summary>Records are OTLP <c>TracesData</c> bytes, keyed by trace id.</summary>
    public const string Spans = "llm.spans";

    /// <summary>Records are OTLP <c>LogsData</c> bytes, keyed by trace id: GenAI events that belong to spans.</summary>
    public const string Logs = "llm.logs";

    /// <summary>Records that could not be processed, whole, with the reason.</summary>
    public const string DeadLetters = "llm.spans.dead";
}
