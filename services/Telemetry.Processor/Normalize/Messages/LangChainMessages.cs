using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Messages as LangChain dumps them: <c>{"type": "human", "content"}</c>, <c>{"type": "human", "data": {…}}</c>, and the constructor form
/// <c>{"lc": 1, "id": […, "HumanMessage"], "kwargs": {…}}</c>.
/// </summary>
internal static class LangChainMessages
{
    private const int LongestName = 48;

    /// <summary>Whether an object is such a message.</summary>
    public static bool IsMessage(JsonElement value) =>
        IsConstructor(value) || (value.Get("role"u8) is null && RoleOf(value.Text("type"u8)) is not null && (value.Get("content"u8) ?? value.Object("data"u8)) is not null);

    /// <summary>Writes a message.</summary>
    public static void Write(MessageSink sink, JsonElement message)
    {
        JsonElement body = message.Object("kwargs"u8) ?? message.Object("data"u8) ?? message;
        string role = Role(message, body) ?? Roles.Of(body.Get("role"u8), sink.DefaultRole);
        if (sink.TryStart(role, body.Text("name"u8)))
        {
            int calls = sink.ToolCalls;
            ChatMessages.WriteParts(sink, body, role);
            if (sink.ToolCalls == calls && body.Object("additional_kwargs"u8) is { } more)
            {
                ChatMessages.WriteParts(sink, more, role);
            }

            sink.End(body.Object("response_metadata"u8) is { } metadata ? ChatMessages.FinishReasonOf(metadata) : null);
        }
    }

    private static bool IsConstructor(JsonElement value) => value.Get("lc"u8) is not null && value.Object("kwargs"u8) is not null;

    private static string? Role(JsonElement message, JsonElement body) =>
        RoleOf(body.Text("type"u8)) ?? RoleOf(message.Text("type"u8))
        ?? (message.Array("id"u8) is { } id && id.GetArrayLength() > 0 ? RoleOf(id[id.GetArrayLength() - 1]) : null);

    private static string? RoleOf(JsonElement? type)
    {
        Span<char> buffer = stackalloc char[LongestName];
        return type.Name(buffer) switch
        {
            "human" or "HumanMessage" or "HumanMessageChunk" => Roles.User,
            "ai" or "AIMessage" or "AIMessageChunk" => Roles.Assistant,
            "system" or "SystemMessage" or "SystemMessageChunk" => Roles.System,
            "tool" or "ToolMessage" or "ToolMessageChunk" or "FunctionMessage" => Roles.Tool,
            "developer" => "developer",
            _ => null,
        };
    }
}
