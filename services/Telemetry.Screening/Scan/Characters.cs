using System.Buffers;

namespace Telemetry.Screening.Scan;

/// <summary>Classes of bytes that the rules share.</summary>
internal static class Characters
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Bytes of an identifier or key: letters, digits, dash, underscore.</summary>
    public static SearchValues<byte> Word { get; } = Of(Digits + Letters + "-_");

    /// <summary>Bytes of a base64url piece with dots: a JSON web token.</summary>
    public static SearchValues<byte> Dotted { get; } = Of(Digits + Letters + "-_.");

    /// <summary>Digits and dashes.</summary>
    public static SearchValues<byte> DigitsAndDashes { get; } = Of(Digits + "-");

    /// <summary>Hexadecimal digits.</summary>
    public static SearchValues<byte> Hexadecimal { get; } = Of(Digits + "abcdefABCDEF");

    /// <summary>Bytes that end a secret's value: white space, quotes, brackets, and all that is not ASCII.</summary>
    public static SearchValues<byte> ValueEnd { get; } = SearchValues.Create([.. " \t\r\n\"'`<>,;&|)]}\\"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    /// <summary>Whether it is an ASCII digit.</summary>
    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Whether it is an ASCII letter.</summary>
    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 25;

    /// <summary>Whether it is an ASCII capital letter.</summary>
    public static bool IsUpper(byte b) => (uint)(b - 'A') <= 25;

    /// <summary>Whether it is an ASCII letter or digit.</summary>
    public static bool IsAlphanumeric(byte b) => IsDigit(b) || IsLetter(b);

    /// <summary>Whether a letter, digit or underscore stands at an offset; false outside of the text.</summary>
    public static bool IsWordAt(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length && (IsAlphanumeric(text[at]) || text[at] == (byte)'_');

    /// <summary>The byte at an offset; 0 outside of the text.</summary>
    public static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    /// <summary>
    /// Length of the separator between groups of digits that stands at an offset, and the ASCII character that it amounts to: no-break spaces count as spaces,
    /// Unicode hyphens and dashes as dashes. 0 when there is none.
    /// </summary>
    public static int Separator(ReadOnlySpan<byte> text, int at, out byte character)
    {
        character = At(text, at);
        if (character is (byte)' ' or (byte)'-' or (byte)'.' or (byte)'/')
        {
            return 1;
        }

        if (character == 0xC2 && At(text, at + 1) == 0xA0)
        {
            character = (byte)' ';
            return 2;
        }

        if (character == 0xE2 && At(text, at + 1) == 0x80 && At(text, at + 2) is byte last && (last is 0xAF || last is >= 0x90 and <= 0x95))
        {
            character = last == 0xAF ? (byte)' ' : (byte)'-';
            return 3;
        }

        character = 0;
        return 0;
    }

    private static SearchValues<byte> Of(string characters) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(characters));
}
