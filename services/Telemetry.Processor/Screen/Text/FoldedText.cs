using System.Text;

namespace Telemetry.Processor.Screen.Text;

/// <summary>Text as phrases are compared in: small letters, straight apostrophes, one space for any white space. Its buffer is used again.</summary>
internal sealed class FoldedText
{
    private byte[] _buffer = [];

    /// <summary>Folds a text; valid until the next one.</summary>
    public ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> text)
    {
        // A small letter may need a byte more than its capital.
        if (_buffer.Length < text.Length + (text.Length / 2) + 4)
        {
            _buffer = new byte[(text.Length * 2) + 8];
        }

        int length = 0;
        while (!text.IsEmpty)
        {
            byte b = text[0];
            if (b < 0x80)
            {
                text = text[1..];
                length = Append(length, (uint)(b - 'A') <= 25 ? (byte)(b | 0x20) : b);
                continue;
            }

            Rune.DecodeFromUtf8(text, out Rune rune, out int used);
            text = text[used..];
            length = rune.Value is 0x2019 or 0x2018 or 0x02BC ? Append(length, (byte)'\'') : length + Lower(rune, _buffer.AsSpan(length));
        }

        return _buffer.AsSpan(0, length);
    }

    private int Append(int length, byte b)
    {
        bool isSpace = b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
        if (isSpace && length > 0 && _buffer[length - 1] == (byte)' ')
        {
            return length;
        }

        _buffer[length] = isSpace ? (byte)' ' : b;
        return length + 1;
    }

    private static int Lower(Rune rune, Span<byte> output) => Rune.ToLowerInvariant(rune).EncodeToUtf8(output);
}
