namespace Telemetry.Fuzz.Mutation;

/// <summary>An input that is being changed; bounded, and reused from input to input.</summary>
internal sealed class Draft
{
    /// <summary>Longest input.</summary>
    public const int Longest = 64 << 10;

    private readonly byte[] _bytes = new byte[Longest];
    private readonly byte[] _copied = new byte[Longest];

    /// <summary>Its length.</summary>
    public int Length { get; private set; }

    /// <summary>Its bytes.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = Math.Min(bytes.Length, Longest);
        bytes[..Length].CopyTo(_bytes);
    }

    /// <summary>Puts other bytes in the place of some; false when the input would become too long. The bytes must not be of this draft: see <see cref="Copy"/>.</summary>
    public bool Replace(int start, int length, ReadOnlySpan<byte> with)
    {
        if (Length - length + with.Length > Longest)
        {
            return false;
        }

        _bytes.AsSpan(start + length, Length - start - length).CopyTo(_bytes.AsSpan(start + with.Length));
        with.CopyTo(_bytes.AsSpan(start));
        Length += with.Length - length;
        return true;
    }

    /// <summary>A copy of some of its bytes, valid until the next copy.</summary>
    public ReadOnlySpan<byte> Copy(int start, int length)
    {
        _bytes.AsSpan(start, length).CopyTo(_copied);
        return _copied.AsSpan(0, length);
    }

    /// <summary>Cuts it off.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);
}
