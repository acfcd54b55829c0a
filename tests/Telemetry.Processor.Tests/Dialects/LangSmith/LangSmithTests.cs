using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.LangSmith;

public sealed class LangSmithTests
{
    private readonly Emitter _langsmith = new("langsmith") { Kind = Emitter.Internal };

    [Fact]
    public void A_run_of_a_model_is_a_call() => Assert.Equal(
        new Facts
        {
            Convention = "langsmith",
            Provider = "azure.ai.openai",
            Requested = "gpt-4o",
            Answered = "gpt-4o-2024-08-06",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 100, CacheRead = 60, CacheWrite = 5, AudioInput = 2, Output = 40, Reasoning = 8, AudioOutput = 1 },
            Reading = "as_reported",
            Ttft = 75,
            TtftSource = "event new_token",
            Finish = "stop,length",
            ResponseId = "chatcmpl-1",
            Session = "thread-1",
            User = "u-7",
            Prompt = "support@abc123",
            Labels = "beta,eu west",
            Tier = "default",
        },
        new Emitter("langsmith") { Change = Emitter.Event("new_token", 75) }.Send(
            "ChatOpenAI",
            ("langsmith.span.kind", "llm"), ("langsmith.trace.id", "t"), ("langsmith.trace.name", "ChatOpenAI"), ("langsmith.trace.session_id", "project-id"), ("langsmith.trace.session_name", "project"),
            ("langsmith.span.tags", "beta, eu west"), ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("langsmith.metadata.ls_provider", "azure"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.response.model", "gpt-4o-2024-08-06"), ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.response.finish_reasons", "stop, length"), ("gen_ai.response.service_tier", "default"),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.total_tokens", 140), ("gen_ai.usage.input_token_details", "{'audio': 2, 'cache_read': 60, 'cache_creation': 5}"),
            ("gen_ai.usage.output_token_details", "{'audio': 1, 'reasoning': 8}"), ("langsmith.request.streaming", true), ("langsmith.metadata.thread_id", "thread-1"), ("langsmith.metadata.user_id", "u-7"),
            ("langsmith.metadata.lc_hub_repo", "support"), ("langsmith.metadata.lc_hub_commit_hash", "abc123")));

    [Fact]
    public void Usage_may_stand_in_one_object_with_the_lifetimes_of_cache_writes()
    {
        Facts facts = _langsmith.Send(
            "ChatAnthropic",
            ("langsmith.span.kind", "llm"), ("langsmith.metadata.ls_model_name", "claude-sonnet-4-5"), ("gen_ai.system", "langchain"),
            ("langsmith.usage_metadata", """{"input_tokens":3000,"output_tokens":40,"total_tokens":3040,"total_cost":0.0125,"input_token_details":{"cache_read":500,"cache_creation":0,"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":1400},"output_token_details":{"reasoning":8}}"""));

        Assert.Equal(new TokenUsage { Input = 3000, CacheRead = 500, CacheWrite = 2000, CacheWriteOneHour = 1400, Output = 40, Reasoning = 8 }, facts.Usage);
        Assert.Equal(("claude-sonnet-4-5", "anthropic", 0.0125m, "provider_inferred"), (facts.Requested, facts.Provider, facts.Cost, facts.Flags));
    }

    [Theory]
    [InlineData("llm", "chat", Role.Call)]
    [InlineData("embedding", "embeddings", Role.Call)]
    [InlineData("chain", "invoke_workflow", Role.Wrapper)]
    [InlineData("prompt", "prompt", Role.Wrapper)]
    [InlineData("parser", "parser", Role.Wrapper)]
    [InlineData("tool", "execute_tool", Role.Other)]
    [InlineData("retriever", "retrieval", Role.Other)]
    public void Only_models_and_embeddings_are_calls_though_every_run_says_chat_and_repeats_usage(string kind, string operation, Role role)
    {
        Facts facts = _langsmith.Send("run", ("langsmith.span.kind", kind), ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10));

        Assert.Equal((operation, role, kind == "tool" ? "run" : ""), (facts.Operation, facts.Role, facts.Tool));
    }

    [Fact]
    public void A_failed_run_has_its_exception() =>
        Assert.Equal("Exception", new Emitter("langsmith") { Change = Emitter.Throw("Exception") }.Send("ChatOpenAI", ("langsmith.span.kind", "llm"), ("gen_ai.request.model", "gpt-4o")).Error);
}
