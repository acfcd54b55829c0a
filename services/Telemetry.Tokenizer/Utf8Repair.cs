using System.Buffers;
using System.Text;

namespace Telemetry.Tokenizer;

/// <summary>Makes a text valid UTF-8: each maximal part of a broken sequence becomes one U+FFFD, as the Unicode standard recommends and .NET decodes.</summary>
internal static class Utf8Repair
{
    private const int ReplacementBytes = 3;

    /// <summary>Bytes that a repaired text of so many bytes can have.</summary>
    public static int MostBytes(int length) => checked(length * ReplacementBytes);

    /// <summary>Writes the repaired text and gives its length.</summary>
    public static int Replace(ReadOnlySpan<byte> utf8, Span<byte> valid)
    {
        int written = 0;
        while (!utf8.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(utf8, out Rune rune, out int read);
            if (status == OperationStatus.Done)
            {
                utf8[..read].CopyTo(valid[written..]);
                written += read;
            }
            else
            {
                written += rune.EncodeToUtf8(valid[written..]);
            }

            utf8 = utf8[read..];
        }

        return written;
    }
}
