namespace Telemetry.TestKit;

/// <summary>What the scripted judge answers.</summary>
public sealed record JudgeServerReply
{
    public int Status { get; init; } = 200;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Text of the answer.</summary>
    public string Content { get; init; } = "";

    public string? Refusal { get; init; }

    public string FinishReason { get; init; } = "stop";

    public long InputTokens { get; init; } = 400;

    public long OutputTokens { get; init; } = 40;

    public bool HasUsage { get; init; } = true;

    /// <summary>Body instead of a chat completion.</summary>
    public string? Body { get; init; }

    /// <summary>The answer waits for it.</summary>
    public Task? Gate { get; init; }

    /// <summary>The connection is broken instead of an answer.</summary>
    public bool Breaks { get; init; }

    public static JudgeServerReply OfScore(int score, string explanation = "as scripted") =>
        new() { Content = System.Text.Json.JsonSerializer.Serialize(new { explanation, score }) };

    public static JudgeServerReply OfWinner(string winner) => new() { Content = System.Text.Json.JsonSerializer.Serialize(new { explanation = "as scripted", winner }) };

    public static JudgeServerReply OfStatus(int status, params (string Name, string Value)[] headers) =>
        new() { Status = status, Headers = headers.ToDictionary(h => h.Name, h => h.Value) };
}
