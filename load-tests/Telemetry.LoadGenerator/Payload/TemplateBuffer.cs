using System.Buffers.Binary;
using System.Text;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>The growing bytes of a template, and the places in them that every request overwrites.</summary>
internal sealed class TemplateBuffer
{
    private const int Start = 4096;
    private byte[] _bytes = new byte[Start];

    /// <summary>Length so far.</summary>
    public int Length { get; private set; }

    /// <summary>Places to overwrite.</summary>
    public List<Patch> Patches { get; } = [];

    /// <summary>Index of the span that is being written.</summary>
    public int Span { get; set; }

    /// <summary>Index of its trace.</summary>
    public int Trace { get; set; }

    /// <summary>The bytes so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Adds bytes.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Adds one byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Adds a base 128 varint.</summary>
    public void Varint(ulong value)
    {
        const int Bits = 7;
        const ulong More = 0x80;
        for (; value >= More; value >>= Bits)
        {
            Byte((byte)(value | More));
        }

        Byte((byte)value);
    }

    /// <summary>Adds eight little-endian bytes.</summary>
    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>Leaves room that every request overwrites.</summary>
    public void Slot(PatchKind kind, int width, int item, long offset = 0)
    {
        Patches.Add(new Patch(kind, Length, item, offset));
        Take(width).Fill((byte)'0');
    }

    /// <summary>Adds text as UTF-8, with room for the <see cref="Slots"/> in it.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        int plain = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (Slots.TryGet(text[i], out PatchKind kind, out int width))
            {
                Plain(text[plain..i]);
                Slot(kind, width, kind == PatchKind.PromptDigits ? Trace : Span);
                plain = i + 1;
            }
        }

        Plain(text[plain..]);
    }

    /// <summary>Adds another buffer with its slots.</summary>
    public void Append(TemplateBuffer other)
    {
        foreach (Patch patch in other.Patches)
        {
            Patches.Add(patch with { Position = patch.Position + Length });
        }

        Raw(other.Written);
    }

    /// <summary>An empty buffer for a part, with the same span at hand.</summary>
    public TemplateBuffer Part() => new() { Span = Span, Trace = Trace };

    private void Plain(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

    private Span<byte> Take(int length)
    {
        if (Length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + length));
        }

        Length += length;
        return _bytes.AsSpan(Length - length, length);
    }
}
