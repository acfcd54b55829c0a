using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.VercelAiSdk;

public sealed class VercelAiSdkTests
{
    private readonly Emitter _ai = new("ai") { Kind = Emitter.Internal };

    [Fact]
    public void Version_3_has_results_and_a_reason_of_its_own() => Assert.Equal(
        new Facts
        {
            Convention = "vercel_ai",
            Provider = "openai",
            Requested = "gpt-4o",
            Operation = "chat",
            Stream = false,
            Usage = new TokenUsage { Input = 30, Output = 10 },
            Reading = "as_reported",
            Finish = "stop",
        },
        _ai.Send(
            "ai.generateText.doGenerate",
            ("ai.model.provider", "openai.chat"), ("ai.model.id", "gpt-4o"), ("ai.usage.promptTokens", 30), ("ai.usage.completionTokens", 10), ("ai.finishReason", "stop"), ("ai.result.text", "Hi"),
            ("gen_ai.system", "openai.chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.finish_reasons", new[] { "stop" }), ("gen_ai.usage.prompt_tokens", 30),
            ("gen_ai.usage.completion_tokens", 10)));

    [Theory]
    [InlineData("""{"anthropic":{"cacheCreationInputTokens":2000,"cacheReadInputTokens":500}}""", null)]
    [InlineData("""{"anthropic":{"usage":{"input_tokens":10,"cache_creation_input_tokens":2000,"cache_read_input_tokens":500,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":1400},"output_tokens":7},"cacheCreationInputTokens":2000}}""", 1400L)]
    [InlineData("""{"anthropic":{"usage":{"cache_read_input_tokens":500,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":1400}}}}""", 1400L)]
    public void Version_4_leaves_anthropics_cache_to_the_metadata(string metadata, long? oneHour)
    {
        Facts facts = _ai.Send(
            "ai.generateText.doGenerate",
            ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.provider", "anthropic.messages"), ("ai.model.id", "claude-sonnet-4-5"), ("ai.usage.promptTokens", 5000),
            ("ai.usage.completionTokens", 7), ("gen_ai.system", "anthropic.messages"), ("gen_ai.usage.input_tokens", 5000), ("gen_ai.usage.output_tokens", 7), ("ai.response.providerMetadata", metadata));

        Assert.Equal(new TokenUsage { Input = 7500, CacheRead = 500, CacheWrite = 2000, CacheWriteOneHour = oneHour, Output = 7 }, facts.Usage);
        Assert.Equal(("anthropic", "cache_added", ""), (facts.Provider, facts.Reading, facts.Flags));
    }

    [Theory]
    [InlineData("anthropic.messages", "claude-sonnet-4-5", """{"anthropic":{"usage":{"cache_read_input_tokens":500}}}""", "anthropic")]
    [InlineData("vertex.anthropic.messages", "claude-sonnet-4-5@20250929", """{"anthropic":{"cacheReadInputTokens":500}}""", "gcp.vertex_ai")]
    [InlineData("amazon-bedrock", "us.anthropic.claude-sonnet-4-20250514-v1:0", """{"bedrock":{"usage":{"cacheReadInputTokens":500,"cacheWriteInputTokens":0}}}""", "aws.bedrock")]
    [InlineData("gateway", "anthropic/claude-sonnet-4.5", """{"anthropic":{"usage":{"cache_read_input_tokens":500}},"gateway":{"cost":"0.01"}}""", "gateway")]
    public void Version_5_leaves_the_cache_out_for_anthropic_wherever_it_is_served(string id, string model, string metadata, string provider)
    {
        Facts facts = _ai.Send(
            "ai.streamText.doStream",
            ("ai.operationId", "ai.streamText.doStream"), ("ai.model.provider", id), ("ai.model.id", model), ("ai.usage.inputTokens", 5000), ("ai.usage.outputTokens", 7), ("ai.usage.totalTokens", 5007),
            ("ai.usage.cachedInputTokens", 500), ("ai.response.providerMetadata", metadata));

        Assert.Equal((provider, true, 5500, 500L), (facts.Provider, facts.Stream, facts.Usage.Input, facts.Usage.CacheRead));
    }

    [Fact]
    public void Version_5_counts_openais_cache_in() => Assert.Equal(
        new Facts
        {
            Convention = "vercel_ai",
            Provider = "openai",
            Requested = "gpt-5",
            Answered = "gpt-5-2025-08-07",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 2048, CacheRead = 1536, Output = 640, Reasoning = 512 },
            Reading = "as_reported",
            Ttft = 196.117,
            TtftSource = "ai.response.msToFirstChunk",
            Finish = "tool-calls",
            ResponseId = "resp_1",
            Session = "s-42",
            User = "u-7",
            Prompt = "support@3",
            Agent = "order",
            Labels = "beta,eu",
            Tier = "priority",
        },
        _ai.Send(
            "ai.streamText.doStream order",
            ("operation.name", "ai.streamText.doStream order"), ("ai.operationId", "ai.streamText.doStream"), ("ai.telemetry.functionId", "order"), ("ai.model.provider", "openai.responses"),
            ("ai.model.id", "gpt-5"), ("ai.telemetry.metadata.sessionId", "s-42"), ("ai.telemetry.metadata.userId", "u-7"), ("ai.telemetry.metadata.tags", new[] { "beta", "eu" }),
            ("ai.telemetry.metadata.langfusePrompt", """{"name":"support","version":3}"""), ("ai.response.msToFirstChunk", 196.117), ("ai.response.msToFinish", 468.2), ("ai.response.finishReason", "tool-calls"),
            ("ai.response.id", "resp_1"), ("ai.response.model", "gpt-5-2025-08-07"), ("ai.usage.inputTokens", 2048), ("ai.usage.outputTokens", 640), ("ai.usage.totalTokens", 2688),
            ("ai.usage.reasoningTokens", 512), ("ai.usage.cachedInputTokens", 1536), ("gen_ai.usage.input_tokens", 2048), ("gen_ai.usage.output_tokens", 640),
            ("ai.response.providerMetadata", """{"openai":{"serviceTier":"priority","responseId":"resp_1"}}""")));

    [Theory]
    [InlineData(7500, 5000, 7500)]
    [InlineData(5000, 5000, 7500)]
    [InlineData(7500, null, 10000)]
    public void Version_6_breaks_the_input_down_and_so_shows_whether_the_cache_is_in_it(int input, int? uncached, int expected)
    {
        (string, object)[] attributes =
        [
            ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.provider", "anthropic.messages"), ("ai.model.id", "claude-sonnet-4-5"), ("ai.usage.inputTokens", input), ("ai.usage.outputTokens", 7),
            ("ai.usage.inputTokenDetails.cacheReadTokens", 500), ("ai.usage.inputTokenDetails.cacheWriteTokens", 2000),
            .. uncached is { } count ? [("ai.usage.inputTokenDetails.noCacheTokens", (object)count)] : Array.Empty<(string, object)>(),
        ];

        Assert.Equal(new TokenUsage { Input = expected, CacheRead = 500, CacheWrite = 2000, Output = 7 }, _ai.Send("ai.generateText.doGenerate", attributes).Usage);
    }

    [Fact]
    public void Geminis_thoughts_are_beside_the_output_where_the_total_shows_it()
    {
        Facts facts = _ai.Send(
            "ai.generateText.doGenerate",
            ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.provider", "google.generative-ai"), ("ai.model.id", "gemini-2.5-flash"), ("ai.usage.inputTokens", 100), ("ai.usage.outputTokens", 40),
            ("ai.usage.totalTokens", 170), ("ai.usage.reasoningTokens", 30));

        Assert.Equal(("gcp.gemini", new TokenUsage { Input = 100, Output = 70, Reasoning = 30 }), (facts.Provider, facts.Usage));
    }

    [Theory]
    [InlineData("ai.generateText", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.streamText", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.generateObject", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.streamObject", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.embed", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.embedMany", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.rerank", "invoke_agent", Role.Wrapper)]
    [InlineData("ai.generateObject.doGenerate", "chat", Role.Call)]
    [InlineData("ai.streamObject.doStream", "chat", Role.Call)]
    [InlineData("ai.embed.doEmbed", "embeddings", Role.Call)]
    [InlineData("ai.embedMany.doEmbed", "embeddings", Role.Call)]
    [InlineData("ai.rerank.doRerank", "rerank", Role.Call)]
    [InlineData("ai.toolCall", "execute_tool", Role.Other)]
    public void Only_the_inner_spans_are_calls(string id, string operation, Role role)
    {
        Facts facts = new Emitter("my-own-tracer").Send(id, ("ai.operationId", id), ("ai.model.provider", "openai.chat"), ("ai.model.id", "gpt-4o"), ("ai.usage.inputTokens", 10), ("ai.usage.outputTokens", 1));

        Assert.Equal((operation, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void Embeddings_count_tokens_under_a_name_of_their_own() => Assert.Equal(
        new TokenUsage { Input = 12 },
        _ai.Send("ai.embed.doEmbed", ("ai.operationId", "ai.embed.doEmbed"), ("ai.model.provider", "openai.embedding"), ("ai.model.id", "text-embedding-3-small"), ("ai.usage.tokens", 12)).Usage);

    [Fact]
    public void A_tool_has_its_name_and_call_and_no_agent() => Assert.Equal(
        new Facts { Convention = "vercel_ai", Role = Role.Other, Operation = "execute_tool", Tool = "search", ToolCallId = "call_1" },
        _ai.Send("ai.toolCall", ("ai.operationId", "ai.toolCall"), ("ai.telemetry.functionId", "order"), ("ai.toolCall.name", "search"), ("ai.toolCall.id", "call_1"), ("ai.toolCall.args", "{}")));

    [Fact]
    public void The_first_chunk_is_in_an_event_for_want_of_an_attribute()
    {
        Facts facts = new Emitter("ai") { Change = Emitter.Event("ai.stream.firstChunk", 150, ("ai.response.msToFirstChunk", 150.2)) }.Send(
            "ai.streamText.doStream", ("ai.operationId", "ai.streamText.doStream"), ("ai.model.provider", "openai.chat"), ("ai.model.id", "gpt-4o"));

        Assert.Equal((150, "event ai.stream.firstChunk"), (facts.Ttft, facts.TtftSource));
    }

    [Fact]
    public void Every_retry_is_a_call_and_the_failed_one_an_error()
    {
        Facts facts = new Emitter("ai") { Change = Emitter.Throw("AI_APICallError") }.Send(
            "ai.generateText.doGenerate", ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.provider", "openai.chat"), ("ai.model.id", "gpt-4o"));

        Assert.Equal((Role.Call, "AI_APICallError", default), (facts.Role, facts.Error, facts.Usage));
    }

    [Theory]
    [InlineData("invoke_agent", Role.Wrapper)]
    [InlineData("agent_step", Role.Wrapper)]
    [InlineData("chat", Role.Call)]
    [InlineData("execute_tool", Role.Other)]
    [InlineData("embeddings", Role.Call)]
    [InlineData("rerank", Role.Call)]
    public void Version_7_speaks_the_plain_conventions(string operation, Role role)
    {
        Facts facts = new Emitter("gen_ai").Send(
            $"{operation} gpt-5",
            ("gen_ai.operation.name", operation), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.agent.name", "order"), ("gen_ai.response.finish_reasons", new[] { "stop" }),
            ("gen_ai.usage.input_tokens", 2048), ("gen_ai.usage.output_tokens", 640), ("gen_ai.usage.cache_read.input_tokens", 1536), ("gen_ai.usage.cache_creation.input_tokens", 0),
            ("gen_ai.client.operation.time_to_first_chunk", 0.2), ("ai.usage.outputTokenDetails.reasoningTokens", 512));

        Assert.Equal(
            new Facts
            {
                Convention = "otel_genai",
                Role = role,
                Provider = "openai",
                Requested = "gpt-5",
                Operation = operation,
                Stream = true,
                Usage = new TokenUsage { Input = 2048, CacheRead = 1536, CacheWrite = 0, Output = 640, Reasoning = 512 },
                Reading = "as_reported",
                Ttft = 200,
                TtftSource = "gen_ai.client.operation.time_to_first_chunk",
                Finish = "stop",
                Agent = "order",
            },
            facts);
    }
}
