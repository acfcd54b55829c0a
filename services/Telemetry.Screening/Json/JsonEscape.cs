using System.Buffers.Text;
using System.Text;

namespace Telemetry.Screening.Json;

/// <summary>Escapes in JSON strings (RFC 8259, section 7), read leniently: one that is none stands for the character behind the backslash.</summary>
internal static class JsonEscape
{
    private const int UnitLength = 6;

    /// <summary>Reads the escape at the start of the text and writes what it stands for, four bytes at most and never more than the escape has.</summary>
    /// <param name="text">Begins with a backslash.</param>
    /// <param name="output">Where it goes; at least four bytes.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>Length of the escape.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        written = 1;
        if (text.Length < 2)
        {
            output[0] = (byte)'\\';
            return 1;
        }

        if (text[1] == (byte)'u' && TryUnit(text, out char unit))
        {
            return ReadUnit(text, unit, output, out written);
        }

        output[0] = text[1] switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            byte other => other,
        };
        return 2;
    }

    private static int ReadUnit(ReadOnlySpan<byte> text, char unit, Span<byte> output, out int written)
    {
        if (char.IsHighSurrogate(unit) && TryUnit(text[UnitLength..], out char low) && char.IsLowSurrogate(low))
        {
            written = new Rune(unit, low).EncodeToUtf8(output);
            return 2 * UnitLength;
        }

        written = (Rune.TryCreate(unit, out Rune rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(output);
        return UnitLength;
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < UnitLength || text[0] != (byte)'\\' || text[1] != (byte)'u' || !Utf8Parser.TryParse(text[2..UnitLength], out ushort value, out int used, 'x') || used != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
