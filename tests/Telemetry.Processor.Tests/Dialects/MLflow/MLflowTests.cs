using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.MLflow;

public sealed class MLflowTests
{
    private readonly Emitter _mlflow = new("mlflow.openai.autolog") { Kind = Emitter.Internal };

    [Fact]
    public void Every_value_is_encoded_as_json() => Assert.Equal(
        new Facts
        {
            Convention = "mlflow",
            Provider = "openai",
            Requested = "gpt-4o",
            Answered = "gpt-4o-2024-08-06",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 100, CacheRead = 60, CacheWrite = 5, Output = 40 },
            Reading = "as_reported",
            Ttft = 110,
            TtftSource = "event mlflow.chunk.item.0",
            Finish = "stop",
            ResponseId = "chatcmpl-1",
            Session = "s-42",
            User = "u-7",
            Prompt = "support@3",
            Tier = "default",
            Cost = 0.0125m,
        },
        new Emitter("mlflow.openai.autolog") { Change = Emitter.Event("mlflow.chunk.item.0", 110) }.Send(
            "Completions",
            ("mlflow.spanType", "\"CHAT_MODEL\""), ("mlflow.message.format", "\"openai\""), ("mlflow.llm.model", "\"gpt-4o\""), ("mlflow.llm.provider", "\"openai\""),
            ("mlflow.chat.tokenUsage", """{"input_tokens": 100, "output_tokens": 40, "total_tokens": 140, "cache_read_input_tokens": 60, "cache_creation_input_tokens": 5}"""),
            ("mlflow.llm.cost", """{"input_cost": 0.01, "output_cost": 0.0025, "total_cost": 0.0125}"""), ("mlflow.trace.session", "\"s-42\""), ("mlflow.trace.user", "\"u-7\""),
            ("mlflow.linkedPrompts", """[{"name": "support", "version": "3"}]"""), ("mlflow.spanInputs", """{"model": "gpt-4o", "stream": true, "messages": []}"""),
            ("mlflow.spanOutputs", """{"id": "chatcmpl-1", "model": "gpt-4o-2024-08-06", "service_tier": "default", "choices": [{"finish_reason": "stop", "message": {}}]}""")));

    [Theory]
    [InlineData("anthropic", "anthropic", 190)]
    [InlineData("bedrock", "", 190)]
    [InlineData("langchain", "anthropic", 100)]
    [InlineData("openai", "openai", 100)]
    public void Usage_is_as_the_adapter_gives_it(string format, string provider, long input)
    {
        Facts facts = _mlflow.Send(
            "Messages.create",
            ("mlflow.spanType", "\"LLM\""), ("mlflow.message.format", $"\"{format}\""), ("mlflow.llm.provider", $"\"{provider}\""), ("mlflow.llm.model", "\"claude-sonnet-4-5\""),
            ("mlflow.chat.tokenUsage", """{"input_tokens": 100, "output_tokens": 40, "total_tokens": 140, "cache_read_input_tokens": 60, "cache_creation_input_tokens": 30}"""));

        Assert.Equal(new TokenUsage { Input = input, CacheRead = 60, CacheWrite = 30, Output = 40 }, facts.Usage);
    }

    [Theory]
    [InlineData("\"CHAT_MODEL\"", "chat", Role.Call)]
    [InlineData("LLM", "chat", Role.Call)]
    [InlineData("\"EMBEDDING\"", "embeddings", Role.Call)]
    [InlineData("\"RERANKER\"", "rerank", Role.Call)]
    [InlineData("\"AGENT\"", "invoke_agent", Role.Wrapper)]
    [InlineData("\"CHAIN\"", "invoke_workflow", Role.Wrapper)]
    [InlineData("\"UNKNOWN\"", "unknown", Role.Wrapper)]
    [InlineData("\"TOOL\"", "execute_tool", Role.Other)]
    [InlineData("\"RETRIEVER\"", "retrieval", Role.Other)]
    public void The_type_says_what_a_span_is_to_the_bill(string type, string operation, Role role)
    {
        Facts facts = _mlflow.Send("search", ("mlflow.spanType", type));

        Assert.Equal((operation, role, operation == "execute_tool" ? "search" : ""), (facts.Operation, facts.Role, facts.Tool));
    }

    [Fact]
    public void Plain_names_beside_are_encoded_too()
    {
        Facts facts = _mlflow.Send(
            "x", ("mlflow.spanType", "\"LLM\""), ("gen_ai.request.model", "\"gpt-4o\""), ("gen_ai.provider.name", "\"openai\""), ("gen_ai.usage.input_tokens", "12"), ("session.id", "\"s\""));

        Assert.Equal(("gpt-4o", "openai", 12L, "s"), (facts.Requested, facts.Provider, facts.Usage.Input, facts.Session));
    }
}
