using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Who speaks, in the words of the conventions.</summary>
internal static class Roles
{
    /// <summary>The application's instructions.</summary>
    public const string System = "system";

    /// <summary>The user.</summary>
    public const string User = "user";

    /// <summary>The model.</summary>
    public const string Assistant = "assistant";

    /// <summary>A tool.</summary>
    public const string Tool = "tool";

    private const int LongestName = 64;

    /// <summary>The role that a text, or the label in an object, names. An unknown role is kept as it is.</summary>
    public static string Of(JsonElement? role, string fallback)
    {
        JsonElement? named = role is { ValueKind: JsonValueKind.Object } labelled ? labelled.Text("Label"u8) ?? labelled.Text("label"u8) : role;
        if (named is not { ValueKind: JsonValueKind.String } text || text.IsEmptyText())
        {
            return fallback;
        }

        Span<char> buffer = stackalloc char[LongestName];
        ReadOnlySpan<char> name = named.Name(buffer);
        return name.IsEmpty ? text.GetString() ?? fallback : Known(name) ?? name.ToString();
    }

    /// <summary>The role of a message event such as <c>gen_ai.user.message</c>; null when it says none.</summary>
    public static string? OfEvent(JsonElement message)
    {
        Span<char> buffer = stackalloc char[LongestName];
        return message.Text("event.name"u8).Name(buffer) switch
        {
            "gen_ai.system.message" => System,
            "gen_ai.user.message" => User,
            "gen_ai.assistant.message" or "gen_ai.choice" => Assistant,
            "gen_ai.tool.message" => Tool,
            _ => null,
        };
    }

    private static string? Known(ReadOnlySpan<char> name)
    {
        Span<char> lower = stackalloc char[LongestName];
        return lower[..name.ToLowerInvariant(lower)] switch
        {
            "user" or "human" => User,
            "assistant" or "ai" or "model" or "chatbot" or "bot" => Assistant,
            "system" => System,
            "tool" or "function" => Tool,
            "developer" => "developer",
            _ => null,
        };
    }
}
