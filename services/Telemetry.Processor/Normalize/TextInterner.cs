using System.Text;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// Strings of names that come again and again (models, providers), so that a known one costs a lookup rather than an allocation. Bounded: names come
/// from spans. Owned by one lane.
/// </summary>
internal sealed class TextInterner
{
    private const int MostKept = 4096;
    private const int LongestKept = 256;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text; bytes that are not UTF-8 become replacement characters.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[LongestKept];
        ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out string? known))
        {
            return known;
        }

        if (_texts.Count >= MostKept)
        {
            _texts.Clear();
        }

        string added = text.ToString();
        _texts[added] = added;
        return added;
    }
}
