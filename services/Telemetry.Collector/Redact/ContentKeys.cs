using System.Text;

namespace Telemetry.Collector.Redact;

/// <summary>
/// The attributes in which dialects carry what was said: prompts, answers, arguments and results of tools, retrieved documents. And those that are names and ids,
/// where nothing is taken out, because everything that is counted is grouped by them.
/// </summary>
internal static class ContentKeys
{
    // Whole keys, or what keys begin with that go on behind a dot or underscore.
    private static readonly byte[][] Content =
    [
        .. Bytes(
            "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.completion",
            "gen_ai.event.content", "gen_ai.retrieval.query.text", "gen_ai.retrieval.documents", "gen_ai.memory.records", "gen_ai.memory.query.text", "gen_ai.evaluation.explanation",
            "llm.input_messages", "llm.output_messages", "llm.prompts", "llm.choices", "llm.prompt_template", "llm.function_call", "llm.tools", "llm.request.functions", "input.value", "output.value",
            "retrieval.documents", "embedding.embeddings", "reranker.query", "reranker.input_documents", "reranker.output_documents", "tool.parameters", "tool_call.function.arguments", "message",
            "traceloop.entity.input", "traceloop.entity.output", "traceloop.prompt.template", "traceloop.prompt.template_variables",
            "ai.prompt", "ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.response.reasoning", "ai.response.files", "ai.toolCall.args", "ai.toolCall.result", "ai.value", "ai.values",
            "ai.result", "ai.embedding", "ai.embeddings", "ai.schema", "mlflow.spanInputs", "mlflow.spanOutputs", "langfuse.observation.input", "langfuse.observation.output", "langfuse.trace.input",
            "langfuse.trace.output", "genkit:input", "genkit:output", "gcp.vertex.agent.llm_request", "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_call_args", "gcp.vertex.agent.tool_response",
            "gcp.vertex.agent.data", "pydantic_ai.all_messages", "all_messages_events", "events", "final_result", "tool_arguments", "tool_response", "raw_input", "lk.chat_ctx", "lk.response", "lk.input_text",
            "lk.user_transcript", "lk.user_input", "lk.function_tool", "langtrace.prompt", "llm.raw", "content", "query", "user_prompt", "prompt", "completion", "response", "feedback.comment"),
    ];

    private static readonly byte[][] Names =
    [
        .. Bytes(
            "gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "ai.model.id", "gen_ai.provider.name", "gen_ai.system", "gen_ai.operation.name", "service.name", "service.version",
            "service.instance.id", "server.address", "telemetry.sdk.version", "gen_ai.response.id", "gen_ai.conversation.id", "session.id", "gen_ai.prompt.version", "gen_ai.prompt.name", "host.id", "container.id"),
    ];

    private static readonly HashSet<byte> FirstBytes = [.. Content.Select(c => c[0])];

    /// <summary>Whether an attribute carries what was said.</summary>
    public static bool IsContent(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || !FirstBytes.Contains(key[0]))
        {
            return false;
        }

        foreach (byte[] known in Content)
        {
            if (key.StartsWith(known) && (key.Length == known.Length || key[known.Length] is (byte)'.' or (byte)'_'))
            {
                return true;
            }
        }

        return IsPrompt(key) || key.EndsWith("annotation.explanation"u8) || key.EndsWith("evaluation.explanation"u8);
    }

    /// <summary>Whether an attribute is a name or an id by which calls are grouped. Those of users are not: they are addresses and numbers of people often enough.</summary>
    public static bool IsName(ReadOnlySpan<byte> key)
    {
        foreach (byte[] known in Names)
        {
            if (key.SequenceEqual(known))
            {
                return true;
            }
        }

        return key.EndsWith(".id"u8) && key.IndexOf("user"u8) < 0;
    }

    // gen_ai.prompt and gen_ai.prompt.0.content, but not the name and version of the prompt.
    private static bool IsPrompt(ReadOnlySpan<byte> key) =>
        key.StartsWith("gen_ai.prompt"u8)
        && (key.Length == "gen_ai.prompt".Length || key.StartsWith("gen_ai.prompt.variable."u8) || (key["gen_ai.prompt".Length] == (byte)'.' && key.Length > "gen_ai.prompt.".Length && char.IsAsciiDigit((char)key["gen_ai.prompt.".Length])));

    private static IEnumerable<byte[]> Bytes(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);
}
