using System.Buffers;

namespace Telemetry.Screening.Json;

/// <summary>Walks JSON without parsing it: strangers' JSON may be cut off or broken, and what is in it must be found all the same.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("0123456789+-.eE"u8);

    /// <summary>Whether a text begins as JSON does: an object, an array, or a string.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            return false;
        }

        ReadOnlySpan<byte> inside = text[1..].TrimStart(" \t\r\n"u8);
        return text[0] == (byte)'"' || inside.IsEmpty || inside[0] is (byte)'"' or (byte)'{' or (byte)'[' or (byte)']' or (byte)'}' or (byte)'-' or (byte)'n' or (byte)'t' or (byte)'f'
            || (text[0] == (byte)'[' && char.IsAsciiDigit((char)inside[0]));
    }

    /// <summary>The next string; false when there is none. One that is cut off ends with the text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">Where to look from, outside of strings; behind the string afterwards.</param>
    /// <param name="start">Offset behind the opening quote.</param>
    /// <param name="end">Offset of the closing quote.</param>
    /// <param name="isEscaped">Whether there are escapes in it.</param>
    public static bool TryNextString(ReadOnlySpan<byte> json, ref int at, out int start, out int end, out bool isEscaped)
    {
        isEscaped = false;
        start = end = json.Length;
        int open = at < json.Length ? json[at..].IndexOf((byte)'"') : -1;
        if (open < 0)
        {
            return false;
        }

        end = start = at + open + 1;
        while (end < json.Length)
        {
            int step = json[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                end = json.Length;
                break;
            }

            end += step;
            if (json[end] == (byte)'"')
            {
                break;
            }

            isEscaped = true;
            end = Math.Min(end + 2, json.Length);
        }

        at = end + 1;
        return true;
    }

    /// <summary>Writes a string without its escapes; never longer than with them.</summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> output)
    {
        int written = 0;
        Span<byte> character = stackalloc byte[4];
        while (raw.IndexOf((byte)'\\') is >= 0 and int plain)
        {
            raw[..plain].CopyTo(output[written..]);
            raw = raw[plain..];
            int used = JsonEscape.Read(raw, character, out int length);
            character[..length].CopyTo(output[(written + plain)..]);
            written += plain + length;
            raw = raw[used..];
        }

        raw.CopyTo(output[written..]);
        return written + raw.Length;
    }

    /// <summary>Turns matches in the unescaped string, which are in order, into matches in the escaped one, which begins at an offset. An escape is never cut in two.</summary>
    public static void MapBack(ReadOnlySpan<byte> raw, int origin, Span<PiiMatch> matches)
    {
        var walk = new EscapeWalk(raw);
        foreach (ref PiiMatch match in matches)
        {
            int start = walk.RawAt(match.Start, isEnd: false);
            int end = walk.RawAt(match.End, isEnd: true);
            match = match with { Start = origin + start, Length = end - start };
        }
    }

    /// <summary>The whole number of a JSON document that a match outside of strings is in; the match as it is when it stands where no number can.</summary>
    public static PiiMatch WholeNumber(ReadOnlySpan<byte> json, PiiMatch match)
    {
        int start = match.Start;
        int end = match.End;
        if (json[start..end].IndexOfAnyExcept(NumberCharacters) >= 0)
        {
            return match;
        }

        while (start > 0 && NumberCharacters.Contains(json[start - 1]))
        {
            start--;
        }

        while (end < json.Length && NumberCharacters.Contains(json[end]))
        {
            end++;
        }

        ReadOnlySpan<byte> before = json[..start].TrimEnd(" \t\r\n"u8);
        ReadOnlySpan<byte> behind = json[end..].TrimStart(" \t\r\n"u8);
        return !before.IsEmpty && before[^1] is (byte)':' or (byte)',' or (byte)'[' && (behind.IsEmpty || behind[0] is (byte)',' or (byte)']' or (byte)'}')
            ? match with { Start = start, Length = end - start, IsJsonNumber = true }
            : match;
    }

    // Goes through escaped and unescaped offsets side by side.
    private ref struct EscapeWalk(ReadOnlySpan<byte> raw)
    {
        private readonly ReadOnlySpan<byte> _raw = raw;
        private int _rawAt;
        private int _plainAt;

        public int RawAt(int plain, bool isEnd)
        {
            Span<byte> character = stackalloc byte[4];
            while (_plainAt < plain)
            {
                int step = _raw[_rawAt..].IndexOf((byte)'\\');
                int gap = step < 0 ? _raw.Length - _rawAt : step;
                if (gap > 0)
                {
                    gap = Math.Min(gap, plain - _plainAt);
                    _rawAt += gap;
                    _plainAt += gap;
                    continue;
                }

                int used = JsonEscape.Read(_raw[_rawAt..], character, out int length);
                if (!isEnd && _plainAt + length > plain)
                {
                    return _rawAt;
                }

                _rawAt += used;
                _plainAt += length;
            }

            return _rawAt;
        }
    }
}
