using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Telemetry.Tokenizer.Ranks;

namespace Telemetry.Tokenizer.Split;

/// <summary>The class of every Unicode code point as tiktoken's regular-expression engine has it; one class is one bit.</summary>
internal static class CodePoints
{
    /// <summary>Lu and Lt.</summary>
    public const int Upper = 1;

    /// <summary>Ll.</summary>
    public const int Lower = 2;

    /// <summary>Lm and Lo.</summary>
    public const int Uncased = 4;

    /// <summary>M.</summary>
    public const int Mark = 8;

    /// <summary>N.</summary>
    public const int Number = 16;

    /// <summary>White space other than a line break.</summary>
    public const int Space = 32;

    /// <summary>Line feed and carriage return.</summary>
    public const int LineBreak = 64;

    /// <summary>Anything else.</summary>
    public const int Other = 128;

    /// <summary>L.</summary>
    public const int Letter = Upper | Lower | Uncased;

    private const int BlockBits = 7;
    private const int BlockSize = 1 << BlockBits;
    private const int All = 0x110000;
    private static readonly (byte[] Blocks, byte[] Classes) Table = Load();
    private static readonly byte[] Blocks = Table.Blocks;
    private static readonly byte[] Classes = Table.Classes;

    /// <summary>The class of a code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ClassOf(int codePoint) => Classes[(Blocks[codePoint >> BlockBits] << BlockBits) | (codePoint & (BlockSize - 1))];

    /// <summary>The class of the code point that starts at a place of a valid UTF-8 text, and how many bytes it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ClassAt(ReadOnlySpan<byte> text, int at, out int size)
    {
        int lead = text[at];
        if (lead < 0x80)
        {
            size = 1;

            // Block 0 is that of the ASCII characters, whatever the table.
            return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Classes), lead);
        }

        return ClassOfWide(text, at, lead, out size);
    }

    private static int ClassOfWide(ReadOnlySpan<byte> text, int at, int lead, out int size)
    {
        if (lead < 0xE0)
        {
            size = 2;
            return ClassOf(((lead & 0x1F) << 6) | (text[at + 1] & 0x3F));
        }

        if (lead < 0xF0)
        {
            size = 3;
            return ClassOf(((lead & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F));
        }

        size = 4;
        return ClassOf(((lead & 0x07) << 18) | ((text[at + 1] & 0x3F) << 12) | ((text[at + 2] & 0x3F) << 6) | (text[at + 3] & 0x3F));
    }

    // Equal blocks of code points are held once.
    private static (byte[] Blocks, byte[] Classes) Load()
    {
        byte[] flat = Expand(EmbeddedTable.Read("code-points"));
        byte[] blocks = new byte[All / BlockSize];
        var classes = new List<byte>();
        var known = new Dictionary<string, byte>(StringComparer.Ordinal);
        for (int block = 0; block < blocks.Length; block++)
        {
            ReadOnlySpan<byte> content = flat.AsSpan(block * BlockSize, BlockSize);
            string key = Convert.ToBase64String(content);
            if (!known.TryGetValue(key, out byte number))
            {
                number = checked((byte)known.Count);
                known.Add(key, number);
                classes.AddRange(content);
            }

            blocks[block] = number;
        }

        return (blocks, [.. classes]);
    }

    private static byte[] Expand(byte[] runs)
    {
        byte[] flat = new byte[All];
        int point = 0;
        int at = 0;
        while (at < runs.Length)
        {
            byte value = runs[at++];
            int length = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte part = runs[at++];
                length |= (part & 0x7F) << shift;
                if (part < 0x80)
                {
                    break;
                }
            }

            flat.AsSpan(point, length).Fill(value);
            point += length;
        }

        return point == All ? flat : throw new InvalidOperationException($"the table of code points ends at U+{point:X}");
    }
}
