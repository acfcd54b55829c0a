using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>
/// A call's tokens as disjoint amounts, each with a price of its own in the set; what has none stays in its parent. Which share of audio or image input
/// was cached is not reported anywhere, so a cached read counts as text first.
/// </summary>
internal readonly struct TokenSplit
{
    public TokenSplit(in TokenUsage usage, PriceSet set)
    {
        CacheRead = Own(set, TokenKind.CacheRead, usage.CacheRead);
        CacheWriteOneHour = Own(set, TokenKind.CacheWriteOneHour, usage.CacheWriteOneHour);
        CacheWrite = Own(set, TokenKind.CacheWrite, usage.CacheWrite - (usage.CacheWriteOneHour is { } hour && CacheWriteOneHour == hour ? hour : 0));
        long left = (usage.Input ?? 0) - CacheRead - CacheWrite - CacheWriteOneHour;
        AudioInput = Math.Min(left, Own(set, TokenKind.AudioInput, usage.AudioInput));
        left -= AudioInput;
        ImageInput = Math.Min(left, Own(set, TokenKind.ImageInput, usage.ImageInput));
        Input = left - ImageInput;

        long output = usage.Output ?? 0;
        Reasoning = Own(set, TokenKind.Reasoning, usage.Reasoning);
        AudioOutput = Math.Min(output - Reasoning, Own(set, TokenKind.AudioOutput, usage.AudioOutput));
        ImageOutput = Math.Min(output - Reasoning - AudioOutput, Own(set, TokenKind.ImageOutput, usage.ImageOutput));
        Output = output - Reasoning - AudioOutput - ImageOutput;
    }

    public long Input { get; }

    public long CacheRead { get; }

    public long CacheWrite { get; }

    public long CacheWriteOneHour { get; }

    public long AudioInput { get; }

    public long ImageInput { get; }

    public long Output { get; }

    public long Reasoning { get; }

    public long AudioOutput { get; }

    public long ImageOutput { get; }

    private static long Own(PriceSet set, TokenKind kind, long? tokens) => set.UsdPerMillion.ContainsKey(kind) ? tokens ?? 0 : 0;
}
