namespace Telemetry.Contracts.Spans;

/// <summary>
/// Tokens of one provider call in one meaning, whatever the dialect reported: <see cref="Input"/> includes cached reads and cache
/// writes, <see cref="Output"/> includes reasoning; every other count is a part of one of the two. Null means that the dialect did
/// not report it, which is not 0. Source: OpenTelemetry GenAI semantic conventions 1.41, <c>gen_ai.usage.*</c>.
/// </summary>
public readonly record struct TokenUsage
{
    /// <summary>All input tokens, cached ones included.</summary>
    public long? Input { get; init; }

    /// <summary>Input tokens served from the provider's cache; part of <see cref="Input"/>.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's cache, whatever their lifetime; part of <see cref="Input"/>.</summary>
    public long? CacheWrite { get; init; }

    /// <summary>Input tokens written to the cache for one hour; part of <see cref="CacheWrite"/>.</summary>
    public long? CacheWriteOneHour { get; init; }

    /// <summary>Audio input tokens; part of <see cref="Input"/>.</summary>
    public long? AudioInput { get; init; }

    /// <summary>Image input tokens; part of <see cref="Input"/>.</summary>
    public long? ImageInput { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long? Output { get; init; }

    /// <summary>Output tokens spent on reasoning; part of <see cref="Output"/>.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Audio output tokens; part of <see cref="Output"/>.</summary>
    public long? AudioOutput { get; init; }

    /// <summary>Image output tokens; part of <see cref="Output"/>.</summary>
    public long? ImageOutput { get; init; }
}
