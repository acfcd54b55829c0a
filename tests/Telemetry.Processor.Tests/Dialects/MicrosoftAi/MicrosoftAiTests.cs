using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.MicrosoftAi;

public sealed class MicrosoftAiTests
{
    private static readonly (string, object)[] Chat =
    [
        ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "azure.ai.openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o-2024-08-06"), ("gen_ai.response.id", "chatcmpl-1"),
        ("gen_ai.request.stream", true), ("gen_ai.response.time_to_first_chunk", 0.21), ("gen_ai.response.finish_reasons", "[\"stop\"]"), ("gen_ai.request.stop_sequences", "[\"a\"]"),
        ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.cache_read.input_tokens", 60), ("gen_ai.usage.reasoning.output_tokens", 8), ("gen_ai.conversation.id", "c-1"),
        ("server.address", "acme.openai.azure.com"), ("server.port", 443), ("metadata", "raw tag"), ("model", "raw tag"), ("success", false),
    ];

    private static readonly Facts Expected = new()
    {
        Convention = "microsoft_ai",
        Provider = "azure.ai.openai",
        Requested = "gpt-4o",
        Answered = "gpt-4o-2024-08-06",
        Operation = "chat",
        Stream = true,
        Usage = new TokenUsage { Input = 100, CacheRead = 60, Output = 40, Reasoning = 8 },
        Reading = "as_reported",
        Ttft = 210,
        TtftSource = "gen_ai.response.time_to_first_chunk",
        Finish = "stop",
        ResponseId = "chatcmpl-1",
        Session = "c-1",
    };

    [Fact]
    public void A_chat_has_lists_as_texts() => Assert.Equal(Expected, new Emitter("Experimental.Microsoft.Extensions.AI", "10.9.0").Send("chat gpt-4o", Chat));

    [Fact]
    public void A_source_name_of_the_apps_own_changes_nothing() => Assert.Equal(Expected with { Convention = "otel_genai" }, new Emitter("my-chat").Send("chat gpt-4o", Chat));

    [Theory]
    [InlineData("Experimental.Microsoft.Extensions.AI", "orchestrate_tools", "orchestrate_tools", Role.Wrapper)]
    [InlineData("Experimental.Microsoft.Extensions.AI", "orchestrate_tools", null, Role.Wrapper)]
    [InlineData("my-chat", "orchestrate_tools", null, Role.Wrapper)]
    [InlineData("Experimental.Microsoft.Agents.AI", "invoke_agent Helper", "invoke_agent", Role.Wrapper)]
    [InlineData("Experimental.Microsoft.Agents.AI", "invoke_agent Helper", "chat", Role.Wrapper)]
    [InlineData("Experimental.Microsoft.Extensions.AI", "execute_tool search", "execute_tool", Role.Other)]
    [InlineData("Experimental.Microsoft.Extensions.AI", "embeddings text-embedding-3-small", "embeddings", Role.Call)]
    public void What_stands_around_the_chat_repeats_its_usage(string scope, string name, string? operation, Role role)
    {
        (string, object)[] attributes = [("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), .. operation is null ? Array.Empty<(string, object)>() : [("gen_ai.operation.name", (object)operation)]];

        Facts facts = new Emitter(scope).Send(name, attributes);

        Assert.Equal((role, name.Split(' ')[0]), (facts.Role, facts.Operation));
    }

    [Fact]
    public void The_realtime_client_counts_audio() => Assert.Equal(
        new TokenUsage { Input = 100, AudioInput = 70, Output = 40, AudioOutput = 30 },
        new Emitter("Experimental.Microsoft.Extensions.AI").Send(
            "realtime gpt-realtime", ("gen_ai.operation.name", "realtime"), ("gen_ai.request.model", "gpt-realtime"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gen_ai.usage.input_audio_tokens", 70), ("gen_ai.usage.input_text_tokens", 30), ("gen_ai.usage.output_audio_tokens", 30), ("gen_ai.usage.output_text_tokens", 10)).Usage);

    [Theory]
    [InlineData("N/A", "")]
    [InlineData("[\"Stop\"]", "Stop")]
    [InlineData("Stop", "Stop")]
    public void Semantic_kernel_has_one_finish_reason_and_a_whole_url(string reason, string finish) => Assert.Equal(
        new Facts
        {
            Convention = "microsoft_ai",
            Provider = "openai",
            Requested = "gpt-4o",
            Operation = "chat",
            Usage = new TokenUsage { Input = 100, Output = 40 },
            Reading = "as_reported",
            Finish = finish,
            ResponseId = "chatcmpl-1",
        },
        new Emitter("Microsoft.SemanticKernel.Diagnostics").Send(
            "chat.completions gpt-4o",
            ("gen_ai.operation.name", "chat.completions"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.finish_reason", reason), ("gen_ai.response.id", "chatcmpl-1"),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), ("server.address", "https://api.openai.com/v1")));

    [Fact]
    public void Semantic_kernels_events_tell_the_reason_for_want_of_an_attribute() => Assert.Equal(
        "Stop",
        new Emitter("Microsoft.SemanticKernel.Diagnostics")
        {
            Change = Emitter.Event("gen_ai.choice", 900, ("gen_ai.event.content", """{"index":0,"message":{"role":"assistant"},"tool_calls":[],"finish_reason":"Stop"}""")),
        }.Send("chat.completions gpt-4o", ("gen_ai.operation.name", "chat.completions"), ("gen_ai.request.model", "gpt-4o")).Finish);

    [Fact]
    public void Openais_own_source_is_of_the_first_generation()
    {
        Facts facts = new Emitter("OpenAI.ChatClient") { Change = Emitter.Fail }.Send(
            "chat gpt-4o", ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.finish_reasons", new[] { "stop" }), ("error.type", "429"));

        Assert.Equal(("microsoft_ai", Role.Call, "429", "stop"), (facts.Convention, facts.Role, facts.Error, facts.Finish));
    }
}
