using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>
/// A call's tokens as disjoint amounts, each with a price of its own in the set; what has none stays in its parent. The counts must be consistent
/// (<see cref="UsageCheck"/>). Which share of audio or image input was cached is not reported anywhere: only what must have been cached, because it
/// does not fit into the uncached input, counts as such.
/// </summary>
internal readonly struct TokenSplit
{
    public TokenSplit(in TokenUsage usage, PriceSet set)
    {
        long writes = usage.CacheWrite ?? usage.CacheWriteOneHour ?? 0;
        CacheWriteOneHour = Own(set, TokenKind.CacheWriteOneHour, usage.CacheWriteOneHour);
        CacheWrite = Own(set, TokenKind.CacheWrite, writes - CacheWriteOneHour);
        long cacheRead = Own(set, TokenKind.CacheRead, usage.CacheRead);
        long uncached = (usage.Input ?? 0) - cacheRead - CacheWrite - CacheWriteOneHour;
        (AudioInput, AudioCacheRead) = Place(Own(set, TokenKind.AudioInput, usage.AudioInput), ref uncached, ref cacheRead, set.PriceOf(TokenKind.AudioCacheRead) is not null);
        (ImageInput, ImageCacheRead) = Place(Own(set, TokenKind.ImageInput, usage.ImageInput), ref uncached, ref cacheRead, set.PriceOf(TokenKind.ImageCacheRead) is not null);
        Input = uncached;
        CacheRead = cacheRead;

        Reasoning = Own(set, TokenKind.Reasoning, usage.Reasoning);
        AudioOutput = Own(set, TokenKind.AudioOutput, usage.AudioOutput);
        ImageOutput = Own(set, TokenKind.ImageOutput, usage.ImageOutput);
        Output = (usage.Output ?? 0) - Reasoning - AudioOutput - ImageOutput;
    }

    public long Input { get; }

    public long CacheRead { get; }

    public long CacheWrite { get; }

    public long CacheWriteOneHour { get; }

    public long AudioInput { get; }

    public long AudioCacheRead { get; }

    public long ImageInput { get; }

    public long ImageCacheRead { get; }

    public long Output { get; }

    public long Reasoning { get; }

    public long AudioOutput { get; }

    public long ImageOutput { get; }

    // Takes tokens of one medium out of the uncached input; what does not fit there was read from the cache.
    private static (long Uncached, long Cached) Place(long tokens, ref long uncached, ref long cacheRead, bool hasCachedPrice)
    {
        long taken = Math.Min(tokens, uncached);
        uncached -= taken;
        long cached = hasCachedPrice ? Math.Min(tokens - taken, cacheRead) : 0;
        cacheRead -= cached;
        return (taken, cached);
    }

    private static long Own(PriceSet set, TokenKind kind, long? tokens) => set.PriceOf(kind) is not null ? tokens ?? 0 : 0;
}
