namespace Telemetry.Collector.Admit;

/// <summary>
/// The attribute keys, event names and scope names that make a span a GenAI span, over all dialects known today. A new dialect is a new line here.
/// </summary>
internal static class GenAiMarkers
{
    // Grouped by first byte, because nearly every key of a span that is none of ours is told apart by it.
    private static readonly byte[][][] PrefixesByFirstByte = Group(
        "gen_ai.", // OpenTelemetry GenAI conventions, and most others beside their own names
        "llm.", // OpenInference, OpenLLMetry, LiteLLM, Langtrace
        "openinference.",
        "traceloop.",
        "ai.", // Vercel AI SDK
        "langsmith.",
        "langfuse.",
        "langtrace.",
        "mlflow.",
        "pydantic_ai.",
        "gcp.vertex.agent.",
        "genkit:",
        "openai.",
        "embedding.",
        "reranker.",
        "retrieval.documents",
        "mcp.",
        "lk.", // LiveKit agents
        "claude_code.",
        "github.copilot.",
        "vllm.",
        "litellm",
        "Received Proxy Server Request", // LiteLLM's proxy, which hangs the call's attributes onto it
        "raw_gen_ai_request",
        "hidden_params",
        "metadata.user_api_key",
        "logfire.msg",
        "logfire.span_type",
        "agent.name",
        "model_request_parameters",
        "all_messages_events",
        "orchestrate_tools",
        "invoke_agent ");

    private static readonly byte[][] ScopePrefixes =
    [
        .. Bytes(
            "openinference.instrumentation", "@arizeai/openinference", "pydantic-ai", "langfuse-sdk", "gcp.vertex.agent", "genkit-tracer", "Experimental.Microsoft.Extensions.AI",
            "OpenAI.", "Microsoft.SemanticKernel", "Microsoft.Extensions.AI", "Experimental.Microsoft.Agents", "Microsoft.Agents", "litellm", "vllm", "sglang", "com.anthropic.", "claude_code",
            "openlit", "logfire", "@traceloop/", "langsmith", "livekit", "langtrace"),
    ];

    /// <summary>Whether an attribute key or event name marks its span as GenAI.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < 3)
        {
            return false;
        }

        foreach (byte[] prefix in PrefixesByFirstByte[key[0]])
        {
            if (key.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an instrumentation scope's name marks all its spans as GenAI.</summary>
    public static bool IsScope(ReadOnlySpan<byte> name)
    {
        foreach (byte[] prefix in ScopePrefixes)
        {
            if (name.StartsWith(prefix))
            {
                return true;
            }
        }

        return name.SequenceEqual("ai"u8) || name.SequenceEqual("gen_ai"u8);
    }

    private static byte[][][] Group(params string[] prefixes)
    {
        var groups = new byte[256][][];
        for (int first = 0; first < groups.Length; first++)
        {
            groups[first] = [.. Bytes([.. prefixes.Where(p => p[0] == first)])];
        }

        return groups;
    }

    private static IEnumerable<byte[]> Bytes(params string[] texts) => texts.Select(System.Text.Encoding.UTF8.GetBytes);
}
