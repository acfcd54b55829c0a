using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.Langtrace;

public sealed class LangtraceTests
{
    [Fact]
    public void A_model_has_the_older_names() => Assert.Equal(
        new Facts
        {
            Convention = "langtrace",
            Provider = "openai",
            Requested = "gpt-4o",
            Operation = "chat",
            Usage = new TokenUsage { Input = 12, Output = 4 },
            Reading = "as_reported",
        },
        new Emitter("@langtrase/typescript-sdk").Send(
            "openai.chat.completions.create",
            ("langtrace.sdk.name", "langtrace-python-sdk"), ("langtrace.service.name", "OpenAI"), ("langtrace.service.type", "llm"), ("llm.request.model", "gpt-4o"), ("llm.usage.prompt_tokens", 12),
            ("llm.usage.completion_tokens", 4), ("llm.usage.total_tokens", 16)));

    [Theory]
    [InlineData("framework", Role.Wrapper)]
    [InlineData("vectordb", Role.Other)]
    public void Frameworks_and_databases_are_no_calls(string type, Role role) =>
        Assert.Equal(role, new Emitter("langtrace").Send("x", ("langtrace.service.type", type), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 1)).Role);
}
