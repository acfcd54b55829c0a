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
    public const string OrchestrateTools = "orchestrate_tools";

    private const int KindClient = 3;

    // The conventions' own names in any case, and names that gateways and older instrumentations use for the same.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        [Chat] = Chat,
        [TextCompletion] = TextCompletion,
        [GenerateContent] = GenerateContent,
        [Embeddings] = Embeddings,
        [Rerank] = Rerank,
        [InvokeAgent] = InvokeAgent,
        [InvokeWorkflow] = InvokeWorkflow,
        [ExecuteTool] = ExecuteTool,
        [Retrieval] = Retrieval,
        [OrchestrateTools] = OrchestrateTools,
        ["completion"] = TextCompletion,
        ["completions"] = TextCompletion,
        ["text.completion"] = TextCompletion,
        ["text.completions"] = TextCompletion,
        ["text.streaming_completions"] = TextCompletion,
        ["embedding"] = Embeddings,
        ["embed"] = Embeddings,
        ["responses"] = Chat,
        ["response"] = Chat,
        ["chat.completion"] = Chat,
        ["chat.completions"] = Chat,
        ["chat.streaming_completions"] = Chat,
        ["chat_completion"] = Chat,
        ["chat_completions"] = Chat,
        ["chat.message"] = Chat,
        ["message"] = Chat,
        ["messages"] = Chat,
        ["llm"] = Chat,
        ["chat_model"] = Chat,
        ["converse"] = Chat,
        ["generate"] = Chat,
        ["streaming"] = Chat,
        ["reranker"] = Rerank,
    };

    // Billed by something else than tokens mostly, but each is one provider call.
    private static readonly HashSet<string> Calls = new(StringComparer.Ordinal)
    {
        Chat, TextCompletion, GenerateContent, Embeddings, Rerank, "realtime", "image", "audio", "image_generation", "speech", "transcription", "moderation", "video_generation",
    };

    private static readonly HashSet<string> Wrappers = new(StringComparer.Ordinal)
    {
        InvokeAgent, InvokeWorkflow, OrchestrateTools, "agent_step", "handle_conversation_turn", "agent", "workflow", "chain", "invoke_swarm", "run_agent", "plan", "framework",
    };

    // Known to be neither, whatever they carry: fetching a background response must not report usage (the call that it fetches did), memory is no model.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        ExecuteTool, Retrieval, Task, "tool", "retriever", "create_agent", "fetch_response", "search_memory", "create_memory", "update_memory", "upsert_memory", "delete_memory",
        "create_memory_store", "delete_memory_store", "vectordb", "guardrail",
    };

    // Names that a span's own name begins with, for want of the attribute.
    private static readonly (byte[] Word, string Operation)[] SpanNames =
    [
        .. ((string[])[Chat, TextCompletion, GenerateContent, Embeddings, Rerank, InvokeAgent, InvokeWorkflow, ExecuteTool, OrchestrateTools, "create_agent"])
            .Select(n => (System.Text.Encoding.UTF8.GetBytes(n), n)),
    ];

    /// <summary>The conventions' name of an operation.</summary>
    public static string Normalize(string operation) => Aliases.GetValueOrDefault(operation, operation);

    /// <summary>What an operation is to the bill; null for an empty or unknown one, which says nothing.</summary>
    public static SpanRole? RoleOf(string operation) => operation.Length == 0 ? null
        : Calls.Contains(operation) ? SpanRole.Call
        : Wrappers.Contains(operation) ? SpanRole.Wrapper
        : Others.Contains(operation) ? SpanRole.Other
        : null;

    /// <summary>
    /// The role of a span of the plain conventions: what its operation says. Without one, a model with usage is a call, and so is a client's span of a model
    /// that failed before there was usage: emitters before the operation attribute, and some frameworks, leave it out. An operation that nobody knows is a call
    /// only where a client says what it used; else its usage may be a sum.
    /// </summary>
    public static SpanRole RoleOf(string operation, FieldValues fields, int kind)
    {
        if (RoleOf(operation) is { } role)
        {
            return role;
        }

        bool hasModel = fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered) || fields.Has(Field.Model);
        bool hasUsage = fields.Has(Field.InputTokens) || fields.Has(Field.OutputTokens);
        if (operation.Length > 0)
        {
            return !hasUsage ? SpanRole.Other : hasModel && kind == KindClient ? SpanRole.Call : SpanRole.Wrapper;
        }

        bool isFailedCall = hasModel && kind == KindClient && !fields.Has(Field.Tool) && !fields.Has(Field.Agent);
        return hasUsage ? (hasModel ? SpanRole.Call : SpanRole.Wrapper) : isFailedCall ? SpanRole.Call : SpanRole.Other;
    }

    /// <summary>The operation that the first word of a span's name tells; empty when it tells none.</summary>
    public static string OfSpanName(ReadOnlySpan<byte> name)
    {
        int end = name.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? name : name[..end];
        foreach ((byte[] known, string operation) in SpanNames)
        {
            if (word.SequenceEqual(known))
            {
                return operation;
            }
        }

        return "";
    }
}
