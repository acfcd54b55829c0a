using System.Text;
using Telemetry.Contracts.Spans;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Stages;

public sealed class NormalizeTests
{
    private readonly StageRun _run = new();

    [Fact]
    public void The_current_names_make_a_call()
    {
        SpanItem item = _run.Run(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
            ("gen_ai.response.id", "r-1"), ("gen_ai.response.finish_reasons", new[] { "stop", "length" }), ("gen_ai.request.stream", true),
            ("gen_ai.usage.input_tokens", 1200), ("gen_ai.usage.output_tokens", 300), ("gen_ai.usage.cache_read.input_tokens", 1000),
            ("gen_ai.usage.reasoning.output_tokens", 20), ("session.id", "s"), ("user.id", "u"), ("gen_ai.prompt.name", "p"), ("gen_ai.prompt.version", "3")));

        LlmCall call = item.Call;
        Assert.True(item.IsCall);
        Assert.Equal(("otel_genai", "openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", "chat"), (call.Convention, call.Provider, call.ModelRequested, call.ModelAnswered, call.Operation));
        Assert.Equal(new TokenUsage { Input = 1200, Output = 300, CacheRead = 1000, Reasoning = 20 }, call.Usage);
        Assert.Equal(TokensSource.Reported, call.TokensSource);
        Assert.Equal(["stop", "length"], call.FinishReasons.Select(Text));
        Assert.True(call.Stream);
        Assert.Equal(("r-1", "s", "u", "p", "3"), (Text(call.ResponseId), Text(call.SessionId), Text(call.UserId), Text(call.PromptName), Text(call.PromptVersion)));
        Assert.False(call.IsError);
        Assert.Equal(["truncated"], call.Flags);
    }

    [Fact]
    public void The_deprecated_names_mean_the_same()
    {
        SpanItem item = _run.Run(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "az.ai.openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 10), ("gen_ai.usage.completion_tokens", 5),
            ("gen_ai.usage.cache_creation.input_tokens", 4), ("gen_ai.response.finish_reason", "[\"stop\"]"), ("gen_ai.conversation.id", "c")));

        Assert.True(item.IsCall);
        Assert.Equal("azure.ai.openai", item.Call.Provider);
        Assert.Equal(new TokenUsage { Input = 10, Output = 5, CacheWrite = 4 }, item.Call.Usage);
        Assert.Equal(["stop"], item.Call.FinishReasons.Select(Text));
        Assert.Equal("c", Text(item.Call.SessionId));
    }

    [Theory]
    [InlineData("chat", true)]
    [InlineData("text_completion", true)]
    [InlineData("generate_content", true)]
    [InlineData("embeddings", true)]
    [InlineData("invoke_agent", false)]
    [InlineData("execute_tool", false)]
    [InlineData("agent_step", false)]
    [InlineData("retrieval", false)]
    public void Only_provider_operations_are_calls_though_others_repeat_usage(string operation, bool isCall)
    {
        SpanItem item = _run.Run(StageRun.Chat(("gen_ai.operation.name", operation), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10)));

        Assert.Equal(isCall, item.Call.Role == SpanRole.Call);
        Assert.Equal(isCall, !item.Call.Flags.Contains(Flags.AggregateUsage) && item.Call.NotBilledBecause.Length == 0);
    }

    [Theory]
    [InlineData("12", 12L)]
    [InlineData(12.0, 12L)]
    [InlineData(12, 12L)]
    public void Numbers_are_read_in_every_shape_that_emitters_send(object sent, long expected) =>
        Assert.Equal(expected, _run.Run(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", sent))).Call.Usage.Input);

    [Theory]
    [InlineData(-1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData("many")]
    public void An_impossible_count_is_unknown_and_flagged(object sent)
    {
        LlmCall call = _run.Run(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", sent), ("gen_ai.usage.output_tokens", 3))).Call;

        Assert.Null(call.Usage.Input);
        Assert.Equal(3, call.Usage.Output);
        Assert.Equal([Flags.InvalidTokenCount], call.Flags);
    }

    [Fact]
    public void What_is_not_reported_is_unknown_and_not_zero()
    {
        LlmCall call = _run.Run(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"))).Call;

        Assert.Equal(default, call.Usage);
        Assert.Equal(TokensSource.Unknown, call.TokensSource);
        Assert.Null(call.Stream);
    }

    [Fact]
    public void The_error_type_comes_from_the_attribute_else_the_exception_event_else_is_the_conventions_other()
    {
        Span plain = StageRun.Chat(("gen_ai.operation.name", "chat"));
        plain.Status = new Status { Code = Status.Types.StatusCode.Error };
        Span withEvent = plain.Clone();
        withEvent.Events.Add(new Span.Types.Event { Name = "exception", Attributes = { new KeyValue { Key = "exception.type", Value = StageRun.Any("TimeoutError") } } });
        Span withAttribute = StageRun.Chat(("gen_ai.operation.name", "chat"), ("error.type", "429"));

        Assert.Equal("_OTHER", Text(_run.Run(plain).Call.ErrorType));
        Assert.Equal("TimeoutError", Text(_run.Run(withEvent).Call.ErrorType));
        LlmCall refused = _run.Run(withAttribute).Call;
        Assert.True(refused.IsError);
        Assert.Equal("429", Text(refused.ErrorType));
    }

    [Fact]
    public void A_span_of_no_known_convention_is_no_call()
    {
        SpanItem item = _run.Run(StageRun.Chat(("http.method", "GET")));

        Assert.False(item.IsCall);
        Assert.Equal(("", "unknown_convention"), (item.Call.Convention, item.Call.NotBilledBecause));
    }

    [Fact]
    public void Where_a_key_stands_twice_the_last_value_holds() =>
        Assert.Equal(2, _run.Run(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 1), ("gen_ai.usage.input_tokens", 2))).Call.Usage.Input);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
