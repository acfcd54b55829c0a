namespace Telemetry.Processor.Normalize;

/// <summary>Operation names and which of them are provider calls (OpenTelemetry GenAI conventions 1.41, <c>gen_ai.operation.name</c>).</summary>
internal static class Operations
{
    public const string Chat = "chat";
    public const string TextCompletion = "text_completion";
    public const string GenerateContent = "generate_content";
    public const string Embeddings = "embeddings";

    // Names that gateways and older instrumentations use for the same.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["completion"] = TextCompletion,
        ["embedding"] = Embeddings,
        ["responses"] = Chat,
    };

    /// <summary>The conventions' name of an operation.</summary>
    public static string Normalize(string operation) => Aliases.GetValueOrDefault(operation, operation);

    /// <summary>Whether one such operation is one billable call.</summary>
    public static bool IsCall(string operation) => operation is Chat or TextCompletion or GenerateContent or Embeddings;
}
