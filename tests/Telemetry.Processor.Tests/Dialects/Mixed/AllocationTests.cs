using Telemetry.Otlp;
using Telemetry.Processor.Tests.Stages;
using Telemetry.TestKit;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

/// <summary>Once the names of models and providers are known, reading an ordinary span leaves nothing behind for the garbage collector.</summary>
public sealed class AllocationTests
{
    private static Dictionary<string, (string Name, (string, object)[] Attributes)> Spans { get; } = new()
    {
        ["otel_genai"] = ("chat gpt-4o", [("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.finish_reasons", new[] { "stop" }),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), ("gen_ai.prompt.name", "support"), ("gen_ai.prompt.version", 3), ("server.address", "api.openai.com")]),
        ["openinference"] = ("ChatCompletion", [("openinference.span.kind", "LLM"), ("llm.provider", "openai"), ("llm.model_name", "gpt-4o-2024-08-06"), ("llm.invocation_parameters", """{"model":"gpt-4o","stream":false}"""),
            ("llm.token_count.prompt", 100), ("llm.token_count.completion", 40), ("output.value", """{"id":"chatcmpl-1","model":"gpt-4o-2024-08-06","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":100}}""")]),
        ["openllmetry"] = ("openai.chat", [("llm.request.type", "chat"), ("gen_ai.system", "OpenAI"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 100), ("gen_ai.completion.0.finish_reason", "stop"),
            ("llm.usage.total_tokens", 140), ("gen_ai.usage.completion_tokens", 40)]),
        ["vercel_ai"] = ("ai.streamText.doStream", [("ai.operationId", "ai.streamText.doStream"), ("ai.model.provider", "openai.chat"), ("ai.model.id", "gpt-4o"), ("ai.usage.inputTokens", 100), ("ai.usage.outputTokens", 40),
            ("ai.response.providerMetadata", """{"openai":{"cachedPromptTokens":60}}"""), ("ai.response.finishReason", "stop")]),
        ["langsmith"] = ("ChatOpenAI", [("langsmith.span.kind", "llm"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gen_ai.usage.input_token_details", "{'cache_read': 60}"), ("gen_ai.response.finish_reasons", "stop, length"), ("langsmith.span.tags", "a, b")]),
        ["langfuse"] = ("answer", [("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4o"), ("langfuse.observation.prompt.version", 3),
            ("langfuse.observation.usage_details", """{"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":60}}"""), ("langfuse.observation.cost_details", """{"total":0.5}"""),
            ("langfuse.observation.completion_start_time", "2026-11-20T12:00:00.250Z")]),
        ["pydantic_ai"] = ("chat gpt-4o", [("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("model_request_parameters", "{}"), ("gen_ai.response.finish_reasons", new[] { "stop" })]),
        ["litellm"] = ("litellm_request", [("llm.request.type", "acompletion"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("llm.is_streaming", "True"), ("gen_ai.usage.input_tokens", 100),
            ("gen_ai.usage.output_tokens", 40), ("hidden_params", """{"response_cost":0.5,"api_base":"https://api.openai.com"}"""), ("gen_ai.response.finish_reasons", """["stop"]""")]),
        ["mlflow"] = ("Completions", [("mlflow.spanType", "\"CHAT_MODEL\""), ("mlflow.llm.model", "\"gpt-4o\""), ("mlflow.llm.provider", "\"openai\""), ("mlflow.chat.tokenUsage", """{"input_tokens":100,"output_tokens":40}"""),
            ("mlflow.spanOutputs", """{"id":"chatcmpl-1","choices":[{"finish_reason":"stop"}]}""")]),
        ["claude_code"] = ("claude_code.llm_request", [("model", "claude-opus-5"), ("input_tokens", 2), ("output_tokens", 1200), ("cache_read_tokens", 84562), ("ttft_ms", 812.5), ("stop_reason", "tool_use")]),
        ["vllm"] = ("llm_request", [("gen_ai.response.model", "qwen"), ("gen_ai.usage.prompt_tokens", 100), ("gen_ai.usage.completion_tokens", 40), ("gen_ai.latency.e2e", 0.9)]),
        ["google_adk"] = ("call_llm", [("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", "gemini-2.5-flash"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gcp.vertex.agent.llm_request", "{}"), ("gcp.vertex.agent.llm_response", """{"finish_reason":"STOP","usage_metadata":{"thoughts_token_count":3,"total_token_count":143}}""")]),
    };

    public static TheoryData<string> Conventions { get; } = [.. Spans.Keys];

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Reading_an_ordinary_span_allocates_nothing(string convention)
    {
        const int Times = 64;
        (string name, (string, object)[] attributes) = Spans[convention];
        Span span = StageRun.Chat(attributes);
        span.Name = name;
        byte[] record = StageRun.Record(span);
        var reading = new Reading();
        Read();
        Assert.Equal(0, Allocations.Fewest(Read));
        Assert.Equal(convention, Assert.Single(reading.Read(record)).Call.Convention);

        void Read()
        {
            for (int i = 0; i < Times; i++)
            {
                reading.Decode(record);
                reading.Normalize();
            }
        }
    }
}
