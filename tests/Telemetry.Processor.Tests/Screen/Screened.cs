using System.Text.Json;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Screen;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Screen;

/// <summary>Sends one call and gives what screening found.</summary>
internal static class Screened
{
    private static readonly HashSet<string> Known = [.. ScreenFlags.All];

    /// <summary>A call with a question and an answer.</summary>
    public static string[] Answer(string answer, string question = "What is it?", params (string, object)[] more) =>
        Call([("gen_ai.input.messages", Message("user", question)), ("gen_ai.output.messages", Message("assistant", answer)), .. more]);

    /// <summary>A call with a question alone.</summary>
    public static string[] Prompt(string question, params (string, object)[] more) => Answer("Here it is.", question, more);

    /// <summary>A call with these attributes beside the ordinary ones; only the flags of screening.</summary>
    public static string[] Call(params (string, object)[] attributes) => [.. Item(attributes).Call.Flags.Where(Known.Contains)];

    public static SpanItem Item(params (string, object)[] attributes) =>
        new StageRun().Run(StageRun.Chat([("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 9), ("gen_ai.usage.output_tokens", 9), .. attributes]));

    public static string Message(string role, string text) =>
        JsonSerializer.Serialize(new[] { new { role, parts = new[] { new { type = "text", content = text } } } });

    public static string ToolCall(string name, object arguments) =>
        JsonSerializer.Serialize(new[] { new { role = "assistant", parts = new[] { new { type = "tool_call", id = "1", name, arguments } } } });
}
