using System.Text.Json;

namespace Telemetry.TestKit;

/// <summary>One request as the scripted judge got it.</summary>
/// <param name="Body">The chat completion request.</param>
/// <param name="Headers">HTTP headers.</param>
/// <param name="At">When it arrived.</param>
public sealed record JudgeServerRequest(JsonElement Body, IReadOnlyDictionary<string, string> Headers, DateTimeOffset At)
{
    /// <summary>What was answered.</summary>
    public JudgeServerReply? Reply { get; set; }

    /// <summary>Texts of the messages of a role.</summary>
    public IReadOnlyList<string> Messages(string role) =>
        [.. Body.GetProperty("messages").EnumerateArray().Where(m => m.GetProperty("role").GetString() == role).Select(Text)];

    /// <summary>The instructions.</summary>
    public string System => Messages("system").Single();

    /// <summary>The message with the data.</summary>
    public string User => Messages("user")[0];

    /// <summary>Whether it asks again.</summary>
    public bool IsRepair => Messages("user").Count > 1;

    /// <summary>The line of quoted data, as an endpoint that keeps to the fence finds it: between the first BEGIN DATA line and its END DATA line.</summary>
    public JsonElement Data
    {
        get
        {
            string[] lines = User.Split('\n');
            int begin = Array.FindIndex(lines, l => l.StartsWith("BEGIN DATA ", StringComparison.Ordinal));
            string end = "END DATA " + lines[begin]["BEGIN DATA ".Length..];
            int last = Array.IndexOf(lines, end, begin);
            return JsonDocument.Parse(string.Join('\n', lines[(begin + 1)..last])).RootElement.Clone();
        }
    }

    /// <summary>Everything outside of the data: what an obedient endpoint takes as instructions.</summary>
    public string Outside
    {
        get
        {
            string[] lines = User.Split('\n');
            int begin = Array.FindIndex(lines, l => l.StartsWith("BEGIN DATA ", StringComparison.Ordinal));
            int last = Array.IndexOf(lines, "END DATA " + lines[begin]["BEGIN DATA ".Length..], begin);
            return System + "\n" + string.Join('\n', lines[..(begin + 1)].Concat(lines[last..])) + "\n" + string.Join('\n', Messages("user").Skip(1));
        }
    }

    private static string Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(p => p.GetProperty("text").GetString()))
        : message.GetProperty("content").GetString()!;
}
