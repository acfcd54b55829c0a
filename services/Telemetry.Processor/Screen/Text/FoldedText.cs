using System.Text;

namespace Telemetry.Processor.Screen.Text;

/// <summary>Text as phrases are compared in: small letters, straight apostrophes, one space for any white space. Its buffer is used again.</summary>
internal sealed class FoldedText
{
    // What each byte of ASCII becomes.
    private static readonly byte[] Folded = [.. Enumerable.Range(0, 0x80).Select(Fold)];

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
        Span<byte> output = _buffer;
        bool afterSpace = false;
        for (int at = 0; at < text.Length;)
        {
            byte b = text[at];
            if (b < Folded.Length)
            {
                byte folded = Folded[b];
                bool isSpace = folded == (byte)' ';
                if (!isSpace || !afterSpace)
                {
                    output[length++] = folded;
                }

                afterSpace = isSpace;
                at++;
                continue;
            }

            afterSpace = false;
            Rune.DecodeFromUtf8(text[at..], out Rune rune, out int used);
            at += used;
            length = rune.Value is 0x2019 or 0x2018 or 0x02BC ? Append(length, (byte)'\'') : length + Lower(rune, _buffer.AsSpan(length));
        }

        return _buffer.AsSpan(0, length);
    }

    private int Append(int length, byte b)
    {
        _buffer[length] = b;
        return length + 1;
    }

    private static byte Fold(int b) => b switch
    {
        '\t' or '\r' or '\n' => (byte)' ',
        >= 'A' and <= 'Z' => (byte)(b | 0x20),
        _ => (byte)b,
    };

    private static int Lower(Rune rune, Span<byte> output) => Rune.ToLowerInvariant(rune).EncodeToUtf8(output);
}
