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
