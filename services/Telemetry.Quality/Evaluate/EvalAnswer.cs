namespace Telemetry.Quality.Evaluate;

/// <summary>What an endpoint answered.</summary>
public sealed record EvalAnswer
{
    /// <summary>The text; empty when it called tools alone.</summary>
    public string Text { get; init; } = "";

    /// <summary>Tools that it called, by name.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Why it ended, in the endpoint's word.</summary>
    public string FinishReason { get; init; } = "";

    /// <summary>Whether the endpoint says that the model declined.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Input tokens; null when not told.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Output tokens; null when not told.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Time of the request that was answered, without those before it that failed.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Why there is no answer; empty when there is one.</summary>
    public string Error { get; init; } = "";
}
