using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Parses JSON that strangers sent. What cannot be told as Unicode (bytes that are not UTF-8, halves of surrogate pairs) becomes replacement
/// characters, so that no text in the document throws when it is read.
/// </summary>
internal static class JsonSource
{
    private const int Deepest = 128;
    private const int EscapeLength = 6;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = Deepest };

    /// <summary>Whether a text begins as JSON arrays and objects do; prose such as "[INST] …" does not.</summary>
    public static bool LooksStructured(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        bool isObject = text[0] == (byte)'{';
        text = text[1..].TrimStart(" \t\r\n"u8);
        return text.IsEmpty || text[0] == (byte)'"' || text[0] == (byte)(isObject ? '}' : ']')
            || (!isObject && (text[0] is (byte)'{' or (byte)'[' or (byte)'-' or (byte)'n' or (byte)'t' or (byte)'f' || char.IsAsciiDigit((char)text[0])));
    }

    /// <summary>The document; null when the text is not exactly one JSON value, or nested too deep. Holds a copy of the text.</summary>
    public static JsonDocument? TryParse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        if (json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0)
        {
            byte[] repaired = json.ToArray();
            RepairSurrogates(repaired);
            json = repaired;
        }

        return Parse(json);
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        JsonDocument? document = null;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            document = JsonDocument.ParseValue(ref reader);
            reader.Read();
            return document;
        }
        catch (JsonException)
        {
            document?.Dispose();
            return null;
        }
    }

    // Backslashes stand only in strings, so that no other state is needed than the escape at hand.
    private static void RepairSurrogates(Span<byte> json)
    {
        int i = 0;
        while (json[i..].IndexOf((byte)'\\') is >= 0 and int step)
        {
            i += step;
            char unit = EscapedUnit(json[i..]);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(EscapedUnit(json[(i + EscapeLength)..])))
            {
                i += 2 * EscapeLength;
                continue;
            }

            if (char.IsSurrogate(unit))
            {
                "FFFD"u8.CopyTo(json[(i + 2)..]);
            }

            i = Math.Min(i + 2, json.Length);
        }
    }

    private static char EscapedUnit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == (byte)'\\' && text[1] == (byte)'u'
        && ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : '\0';
}
