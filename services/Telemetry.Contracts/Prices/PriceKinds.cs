namespace Telemetry.Contracts.Prices;

/// <summary>Names of token kinds in price files.</summary>
public static class PriceKinds
{
    private static readonly Dictionary<string, TokenKind> ByName = new(StringComparer.Ordinal)
    {
        ["input"] = TokenKind.Input,
        ["cache_read"] = TokenKind.CacheRead,
        ["cache_write"] = TokenKind.CacheWrite,
        ["cache_write_1h"] = TokenKind.CacheWriteOneHour,
        ["audio_input"] = TokenKind.AudioInput,
        ["audio_cache_read"] = TokenKind.AudioCacheRead,
        ["image_input"] = TokenKind.ImageInput,
        ["image_cache_read"] = TokenKind.ImageCacheRead,
        ["video_input"] = TokenKind.VideoInput,
        ["output"] = TokenKind.Output,
        ["reasoning"] = TokenKind.Reasoning,
        ["audio_output"] = TokenKind.AudioOutput,
        ["image_output"] = TokenKind.ImageOutput,
        ["video_output"] = TokenKind.VideoOutput,
        ["citation"] = TokenKind.Citation,
    };

    private static readonly Dictionary<TokenKind, string> Names = ByName.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>All names, for error texts.</summary>
    public static string All => string.Join(", ", ByName.Keys);

    /// <summary>The name of a kind.</summary>
    public static string Name(TokenKind kind) => Names[kind];

    /// <summary>The kind of that name.</summary>
    public static bool TryParse(string name, out TokenKind kind) => ByName.TryGetValue(name, out kind);
}
