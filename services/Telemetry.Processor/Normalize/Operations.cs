using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Normalize;

/// <summary>Operation names and what they are to the bill (OpenTelemetry GenAI conventions 1.41, <c>gen_ai.operation.name</c>, and names seen beside them).</summary>
internal static class Operations
{
    public const string Chat = "chat";
    public const string TextCompletion = "text_completion";
    public const string GenerateContent = "generate_content";
    public const string Embeddings = "embeddings";
    public const string Rerank = "rerank";
    public const string InvokeAgent = "invoke_agent";
    public const string InvokeWorkflow = "invoke_workflow";
    public const string ExecuteTool = "execute_tool";
    public const string Retrieval = "retrieval";
    public const string Task = "task";

    // Names that gateways and older instrumentations use for the same.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["completion"] = TextCompletion,
        ["completions"] = TextCompletion,
        ["text.completion"] = TextCompletion,
        ["embedding"] = Embeddings,
        ["embed"] = Embeddings,
        ["responses"] = Chat,
        ["chat.completion"] = Chat,
        ["chat.completions"] = Chat,
        ["chat_completion"] = Chat,
        ["chat.message"] = Chat,
        ["message"] = Chat,
        ["messages"] = Chat,
        ["llm"] = Chat,
        ["chat_model"] = Chat,
        ["acompletion"] = Chat,
        ["aresponses"] = Chat,
        ["aembedding"] = Embeddings,
        ["streaming"] = Chat,
    };

    // Billed by something else than tokens mostly, but each is one provider call.
    private static readonly HashSet<string> Calls = new(StringComparer.Ordinal)
    {
        Chat, TextCompletion, GenerateContent, Embeddings, Rerank, "realtime", "image", "audio", "image_generation", "speech", "transcription", "moderation",
    };

    private static readonly HashSet<string> Wrappers = new(StringComparer.Ordinal)
    {
        InvokeAgent, InvokeWorkflow, "agent_step", "handle_conversation_turn", "orchestrate_tools", "agent", "workflow", "chain", "invoke_swarm", "run_agent", "plan",
    };

    /// <summary>The conventions' name of an operation.</summary>
    public static string Normalize(string operation) => Aliases.GetValueOrDefault(operation, operation);

    /// <summary>What an operation is to the bill; null for an empty one, which says nothing.</summary>
    public static SpanRole? RoleOf(string operation) => operation.Length == 0 ? null
        : Calls.Contains(operation) ? SpanRole.Call
        : Wrappers.Contains(operation) ? SpanRole.Wrapper
        : SpanRole.Other;

    /// <summary>
    /// The role of a span of the plain conventions: what its operation says; without one, a model with usage is a call. Emitters before the operation
    /// attribute, and some frameworks, leave it out.
    /// </summary>
    public static SpanRole RoleOf(string operation, FieldValues fields)
    {
        if (RoleOf(operation) is { } role)
        {
            return role;
        }

        bool hasModel = fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered) || fields.Has(Field.Model);
        bool hasUsage = fields.Has(Field.InputTokens) || fields.Has(Field.OutputTokens);
        return hasUsage ? (hasModel ? SpanRole.Call : SpanRole.Wrapper) : SpanRole.Other;
    }
}
