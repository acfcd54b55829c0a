using Telemetry.Tokenizer.Counting;

namespace Telemetry.Tokenizer;

/// <summary>
/// Counts tokens as a model does. Counts of longer texts, such as system prompts that come with every call, are kept in a cache of the process. Immutable
/// and safe for many threads.
/// </summary>
public sealed class TokenCounter
{
    /// <summary>Texts from this many bytes of UTF-8 on are looked up in the cache; for shorter ones counting is as fast.</summary>
    public const int LeastCachedBytes = 256;

    private const int CachedTexts = 4096;
    private static readonly CountCache Cache = new(CachedTexts);
    private static readonly TokenCounter O200k = new(isO200k: true, isApproximate: false);
    private static readonly TokenCounter Cl100k = new(isO200k: false, isApproximate: false);
    private static readonly TokenCounter Unknown = new(isO200k: true, isApproximate: true);
    private readonly bool _isO200k;

    private TokenCounter(bool isO200k, bool isApproximate)
    {
        _isO200k = isO200k;
        IsApproximate = isApproximate;
    }

    /// <summary>The encoding that the model uses, or one that comes near to it.</summary>
    public BytePairEncoding Encoding => _isO200k ? BytePairEncoding.O200kBase : BytePairEncoding.Cl100kBase;

    /// <summary>Whether the model has an encoding of its own that is not known here, so that o200k_base stands in for it.</summary>
    public bool IsApproximate { get; }

    /// <summary>The counter of a model.</summary>
    /// <param name="model">Its id in any spelling: with a date, a provider's prefix or as a fine-tuned model (<c>ft:gpt-4o-mini:org::id</c>).</param>
    public static TokenCounter ForModel(ReadOnlySpan<char> model) => ModelFamilies.IsO200k(model) switch
    {
        true => O200k,
        false => Cl100k,
        null => Unknown,
    };

    /// <summary>How many tokens a text has; what looks like a special token in it is ordinary text.</summary>
    public int Count(ReadOnlySpan<byte> utf8) => utf8.Length < LeastCachedBytes ? Encoding.Count(utf8) : Cache.GetOrCount(Encoding, utf8);

    /// <summary>Starts to count the messages of one chat request.</summary>
    public ChatTokens StartChat() => new(this);
}
