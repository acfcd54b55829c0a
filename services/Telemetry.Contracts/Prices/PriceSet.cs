namespace Telemetry.Contracts.Prices;

/// <summary>Kinds of tokens that have prices.</summary>
public enum TokenKind
{
    /// <summary>Input of any kind that has no price of its own.</summary>
    Input,

    /// <summary>Input read from the provider's cache.</summary>
    CacheRead,

    /// <summary>Input written to the provider's cache.</summary>
    CacheWrite,

    /// <summary>Input written to the provider's cache for one hour.</summary>
    CacheWriteOneHour,

    /// <summary>Audio input.</summary>
    AudioInput,

    /// <summary>Audio input read from the cache.</summary>
    AudioCacheRead,

    /// <summary>Image input.</summary>
    ImageInput,

    /// <summary>Image input read from the cache.</summary>
    ImageCacheRead,

    /// <summary>Video input.</summary>
    VideoInput,

    /// <summary>Output of any kind that has no price of its own.</summary>
    Output,

    /// <summary>Reasoning output.</summary>
    Reasoning,

    /// <summary>Audio output.</summary>
    AudioOutput,

    /// <summary>Image output.</summary>
    ImageOutput,

    /// <summary>Video output.</summary>
    VideoOutput,

    /// <summary>Citations in the output.</summary>
    Citation,
}

/// <summary>The prices of a model over one stretch of time.</summary>
public sealed class PriceSet
{
    /// <summary>First day (UTC) on which they hold; null when they held from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Time of day (UTC) from which they hold; null for all day. May lie behind <see cref="DayEnd"/>: then they hold over midnight.</summary>
    public TimeOnly? DayStart { get; init; }

    /// <summary>Time of day (UTC) at which they end.</summary>
    public TimeOnly? DayEnd { get; init; }

    /// <summary>Prices by kind of token.</summary>
    public required IReadOnlyDictionary<TokenKind, TieredPrice> UsdPerMillion { get; init; }

    /// <summary>US dollars for one request; null when there is no such fee.</summary>
    public decimal? UsdPerRequest { get; init; }

    /// <summary>US dollars for one web search; null when there is no such fee. Searches are not on spans; kept for completeness.</summary>
    public decimal? UsdPerWebSearch { get; init; }

    /// <summary>Whether they hold at that moment.</summary>
    public bool HoldsAt(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        if (From is { } from && DateOnly.FromDateTime(utc) < from)
        {
            return false;
        }

        if (DayStart is not { } start || DayEnd is not { } end)
        {
            return true;
        }

        var time = TimeOnly.FromDateTime(utc);
        return start <= end ? time >= start && time < end : time >= start || time < end;
    }
}
