using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.OpenInference;

public sealed class OpenInferenceTests
{
    private const string OpenAiAnswer =
        """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini-2024-07-18","service_tier":"default","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hi"}},{"index":1,"finish_reason":"length"}]}""";

    private readonly Emitter _python = new("openinference.instrumentation.openai", "0.1.30") { Kind = Emitter.Internal };

    [Fact]
    public void Openais_call_has_its_id_tier_and_models_in_the_recorded_exchange() => Assert.Equal(
        new Facts
        {
            Convention = "openinference",
            Provider = "openai",
            Requested = "gpt-4o-mini",
            Answered = "gpt-4o-mini-2024-07-18",
            Operation = "chat",
            Usage = new TokenUsage { Input = 2048, CacheRead = 1536, AudioInput = 0, Output = 640, Reasoning = 512, AudioOutput = 0 },
            Reading = "as_reported",
            Finish = "stop,length",
            ResponseId = "chatcmpl-1",
            Session = "s-42",
            User = "u-7",
            Prompt = "support@3",
            Agent = "Helper",
            Labels = "beta,eu",
            Metadata = """{"team":"shop"}""",
            Tier = "default",
            Cost = 0.00123m,
        },
        _python.Send(
            "ChatCompletion",
            ("openinference.span.kind", "LLM"), ("llm.system", "openai"), ("llm.provider", "openai"), ("llm.model_name", "gpt-4o-mini-2024-07-18"),
            ("llm.invocation_parameters", """{"model": "gpt-4o-mini", "temperature": 0.2}"""), ("input.value", """{"model":"gpt-4o-mini"}"""), ("input.mime_type", "application/json"),
            ("output.value", OpenAiAnswer), ("output.mime_type", "application/json"), ("llm.token_count.prompt", 2048), ("llm.token_count.completion", 640), ("llm.token_count.total", 2688),
            ("llm.token_count.prompt_details.cache_read", 1536), ("llm.token_count.prompt_details.audio", 0), ("llm.token_count.completion_details.reasoning", 512),
            ("llm.token_count.completion_details.audio", 0), ("llm.cost.total", 0.00123), ("session.id", "s-42"), ("user.id", "u-7"), ("metadata", """{"team":"shop"}"""),
            ("tag.tags", new[] { "beta", "eu" }), ("prompt.id", "support"), ("llm.prompt_template.version", "3"), ("agent.name", "Helper")));

    [Fact]
    public void A_streamed_answer_is_told_by_its_parameters_and_its_first_token_by_an_event()
    {
        Facts facts = new Emitter("openinference.instrumentation.openai") { Change = Emitter.Event("First Token Stream Event", 180) }.Send(
            "ChatCompletion", ("openinference.span.kind", "LLM"), ("llm.model_name", "gpt-4o"), ("llm.invocation_parameters", """{"model":"gpt-4o","stream":true}"""), ("llm.finish_reason", "stop"),
            ("output.value", "plain text"), ("output.mime_type", "text/plain"));

        Assert.Equal((true, 180, "event First Token Stream Event"), (facts.Stream, facts.Ttft, facts.TtftSource));
        Assert.Equal(("gpt-4o", "", "stop", default, "openai", "provider_inferred"), (facts.Requested, facts.Answered, facts.Finish, facts.Usage, facts.Provider, facts.Flags));
    }

    [Fact]
    public void Pythons_anthropic_counts_the_cache_in() => Assert.Equal(
        new Facts
        {
            Convention = "openinference",
            Provider = "anthropic",
            Requested = "claude-sonnet-4-5",
            Answered = "claude-sonnet-4-5-20250929",
            Operation = "chat",
            Usage = new TokenUsage { Input = 2255, CacheRead = 512, CacheWrite = 1733, CacheWriteOneHour = 1733, Output = 5 },
            Reading = "as_reported",
            Finish = "end_turn",
            ResponseId = "msg_1",
            Tier = "priority",
            WebSearches = 2,
        },
        new Emitter("openinference.instrumentation.anthropic", "0.1.20").Send(
            "Messages",
            ("openinference.span.kind", "LLM"), ("llm.system", "anthropic"), ("llm.provider", "anthropic"), ("llm.model_name", "claude-sonnet-4-5"),
            ("llm.invocation_parameters", """{"max_tokens": 1024}"""), ("llm.token_count.prompt", 2255), ("llm.token_count.completion", 5), ("llm.token_count.total", 2260),
            ("llm.token_count.prompt_details.cache_read", 512), ("llm.token_count.prompt_details.cache_write", 1733),
            ("output.value", """{"id":"msg_1","model":"claude-sonnet-4-5-20250929","stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":512,"cache_creation_input_tokens":1733,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1733},"output_tokens":5,"service_tier":"priority","server_tool_use":{"web_search_requests":2}}}"""),
            ("output.mime_type", "application/json")));

    [Theory]
    [InlineData("0.1.22", "", 5700)]
    [InlineData("0.2.8", "", 5000)]
    [InlineData("0.2.8", """{"usage":{"input_tokens":5000,"cache_read_input_tokens":700}}""", 5700)]
    [InlineData("0.1.22", """{"usage":{"input_tokens":4300,"cache_read_input_tokens":700}}""", 5000)]
    public void Javascripts_anthropic_counts_the_cache_in_since_a_version_unless_the_answer_shows_otherwise(string version, string answer, long input)
    {
        Facts facts = new Emitter("@arizeai/openinference-instrumentation-anthropic", version).Send(
            "Anthropic Messages",
            ("openinference.span.kind", "LLM"), ("llm.system", "anthropic"), ("llm.model_name", "claude-sonnet-4-5"), ("llm.token_count.prompt", 5000), ("llm.token_count.completion", 5),
            ("llm.token_count.prompt_details.cache_read", 700), ("output.value", answer));

        Assert.Equal(new TokenUsage { Input = input, CacheRead = 700, Output = 5 }, facts.Usage);
    }

    [Theory]
    [InlineData("openinference.instrumentation.bedrock", 5700)]
    [InlineData("my-tracer", 5700)]
    [InlineData("openinference.instrumentation.langchain", 5000)]
    public void Bedrocks_own_instrumentation_leaves_the_cache_out(string scope, long input)
    {
        Facts facts = new Emitter(scope).Send(
            "bedrock.converse",
            ("openinference.span.kind", "LLM"), ("llm.system", "anthropic"), ("llm.provider", "aws"), ("llm.model_name", "anthropic.claude-3-5-sonnet-20241022-v2:0"), ("llm.token_count.prompt", 5000),
            ("llm.token_count.completion", 5), ("llm.token_count.total", 5005), ("llm.token_count.prompt_details.cache_read", 700));

        Assert.Equal(("aws.bedrock", new TokenUsage { Input = input, CacheRead = 700, Output = 5 }), (facts.Provider, facts.Usage));
    }

    [Fact]
    public void Geminis_thoughts_are_in_the_completion_and_its_answer_has_names_of_its_own()
    {
        Facts facts = new Emitter("openinference.instrumentation.google_genai").Send(
            "GenerateContent",
            ("openinference.span.kind", "LLM"), ("llm.system", "vertexai"), ("llm.provider", "google"), ("llm.model_name", "gemini-2.5-flash"), ("llm.token_count.prompt", 100),
            ("llm.token_count.completion", 60), ("llm.token_count.total", 160), ("llm.token_count.completion_details.reasoning", 40), ("llm.token_count.prompt_details.cache_read", 20),
            ("output.value", """{"candidates":[],"model_version":"gemini-2.5-flash-001","response_id":"r-1"}"""));

        Assert.Equal(new TokenUsage { Input = 100, CacheRead = 20, Output = 60, Reasoning = 40 }, facts.Usage);
        Assert.Equal(("gcp.vertex_ai", "gemini-2.5-flash", "gemini-2.5-flash-001", "r-1"), (facts.Provider, facts.Requested, facts.Answered, facts.ResponseId));
    }

    [Fact]
    public void Azure_is_the_host_and_openai_the_maker() =>
        Assert.Equal("azure.ai.openai", _python.Send("ChatCompletion", ("openinference.span.kind", "LLM"), ("llm.system", "openai"), ("llm.provider", "azure"), ("llm.model_name", "gpt-4o")).Provider);

    [Theory]
    [InlineData("LLM", "chat", Role.Call)]
    [InlineData("llm", "chat", Role.Call)]
    [InlineData("EMBEDDING", "embeddings", Role.Call)]
    [InlineData("RERANKER", "rerank", Role.Call)]
    [InlineData("CHAIN", "invoke_workflow", Role.Wrapper)]
    [InlineData("AGENT", "invoke_agent", Role.Wrapper)]
    [InlineData("GUARDRAIL", "guardrail", Role.Wrapper)]
    [InlineData("EVALUATOR", "evaluator", Role.Wrapper)]
    [InlineData("TOOL", "execute_tool", Role.Other)]
    [InlineData("RETRIEVER", "retrieval", Role.Other)]
    [InlineData("PROMPT", "prompt", Role.Other)]
    [InlineData("UNKNOWN", "", Role.Other)]
    public void The_kind_says_what_a_span_is_to_the_bill(string kind, string operation, Role role)
    {
        Facts facts = _python.Send("span", ("openinference.span.kind", kind));

        Assert.Equal((operation, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void Embeddings_have_their_own_names() => Assert.Equal(
        new Facts
        {
            Convention = "openinference",
            Provider = "openai",
            Requested = "text-embedding-3-small",
            Operation = "embeddings",
            Usage = new TokenUsage { Input = 8 },
            Reading = "as_reported",
            Flags = "provider_inferred",
        },
        _python.Send("CreateEmbeddings", ("openinference.span.kind", "EMBEDDING"), ("embedding.model_name", "text-embedding-3-small"), ("llm.token_count.prompt", 8), ("llm.token_count.total", 8)));

    [Fact]
    public void A_completion_by_prompt_is_a_text_completion() => Assert.Equal(
        "text_completion",
        _python.Send("Completion", ("openinference.span.kind", "LLM"), ("llm.model_name", "gpt-3.5-turbo-instruct"), ("llm.prompts.0.prompt.text", "Once")).Operation);

    [Fact]
    public void A_tool_has_its_name_and_call() => Assert.Equal(
        new Facts { Convention = "openinference", Role = Role.Other, Operation = "execute_tool", Tool = "search", ToolCallId = "call_1", Error = "ValueError" },
        new Emitter("openinference.instrumentation.langchain") { Change = Emitter.Throw("ValueError") }.Send("search", ("openinference.span.kind", "TOOL"), ("tool.name", "search"), ("tool_call.id", "call_1")));

    [Theory]
    [InlineData("""{"ai.response.msToFirstChunk":196.5}""")]
    [InlineData("""{"ai":{"response":{"msToFirstChunk":196.5}}}""")]
    public void Vercels_first_chunk_is_in_the_metadata(string metadata) => Assert.Equal(
        196.5,
        _python.Send("ai.streamText.doStream", ("openinference.span.kind", "LLM"), ("llm.model_name", "gpt-4o"), ("metadata", metadata)).Ttft);

    [Fact]
    public void The_realtime_first_token_is_in_milliseconds()
    {
        Facts facts = _python.Send("response", ("openinference.span.kind", "LLM"), ("time_to_first_token_ms", 88.5));

        Assert.Equal((88.5, true), (facts.Ttft, facts.Stream));
    }
}
