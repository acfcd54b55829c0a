using System.ClientModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpenAI.Chat;
using Telemetry.Demo.Provider;

namespace Telemetry.Demo.App;

/// <summary>Spans by the OpenTelemetry GenAI conventions (1.41: inference, agent and tool spans), as an instrumented application makes them.</summary>
internal static class GenAiTracing
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Telemetry.Demo.App";

    /// <summary>The source of all spans of the demo application.</summary>
    public static ActivitySource Source { get; } = new(SourceName, "1.0.0");

    /// <summary>Starts the span of one provider call.</summary>
    public static Activity? StartCall(string operation, DemoModel model, Conversation conversation, bool stream)
    {
        Activity? span = Source.StartActivity($"{operation} {model.Requested}", ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", operation);
        span?.SetTag("gen_ai.provider.name", model.Maker);
        span?.SetTag("gen_ai.request.model", model.Requested);
        span?.SetTag("gen_ai.conversation.id", conversation.Id);
        span?.SetTag("session.id", conversation.Id);
        span?.SetTag("user.id", conversation.User);
        span?.SetTag("gen_ai.prompt.name", conversation.PromptName);
        span?.SetTag("gen_ai.prompt.version", conversation.PromptVersion);
        if (stream)
        {
            span?.SetTag("gen_ai.request.stream", true);
        }

        return span;
    }

    /// <summary>Starts the span of an agent or tool around the calls.</summary>
    public static Activity? StartStep(string operation, string name)
    {
        Activity? span = Source.StartActivity($"{operation} {name}", ActivityKind.Internal);
        span?.SetTag("gen_ai.operation.name", operation);
        span?.SetTag(operation == "execute_tool" ? "gen_ai.tool.name" : "gen_ai.agent.name", name);
        return span;
    }

    /// <summary>Notes what came back.</summary>
    public static void SetResponse(Activity? span, string? id, string? model, ChatFinishReason? finish, ChatTokenUsage? usage)
    {
        span?.SetTag("gen_ai.response.id", id);
        span?.SetTag("gen_ai.response.model", model);
        if (finish is { } reason)
        {
            span?.SetTag("gen_ai.response.finish_reasons", new[] { Name(reason) });
        }

        if (usage is not null)
        {
            span?.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount);
            span?.SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
            span?.SetTag("gen_ai.usage.cache_read.input_tokens", usage.InputTokenDetails?.CachedTokenCount ?? 0);
            span?.SetTag("gen_ai.usage.reasoning.output_tokens", usage.OutputTokenDetails?.ReasoningTokenCount ?? 0);
        }
    }

    /// <summary>Notes what was said, in the conventions' message shape.</summary>
    public static void SetMessages(Activity? span, string input, string output)
    {
        span?.SetTag("gen_ai.input.messages", Message("user", input));
        span?.SetTag("gen_ai.output.messages", Message("assistant", output));
    }

    /// <summary>Notes a failure.</summary>
    public static void SetError(Activity? span, Exception error)
    {
        string type = error is ClientResultException { Status: > 0 } refused ? refused.Status.ToString(CultureInfo.InvariantCulture) : error.GetType().FullName!;
        span?.SetTag("error.type", type);
        span?.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    private static string Message(string role, string text) =>
        JsonSerializer.Serialize(new[] { new { role, parts = new[] { new { type = "text", content = text } } } });

    private static string Name(ChatFinishReason reason) => reason switch
    {
        ChatFinishReason.Stop => "stop",
        ChatFinishReason.Length => "length",
        ChatFinishReason.ContentFilter => "content_filter",
        ChatFinishReason.ToolCalls => "tool_call",
        _ => "error",
    };
}

/// <summary>Who talks about what.</summary>
internal sealed record Conversation(string Id, string User, string PromptName, string PromptVersion);
