using System.Buffers;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Redact;

/// <summary>Where rewritten messages are put together. Its memory is used again.</summary>
internal sealed class RedactBuffer : IDisposable
{
    private const int PaddedLength = 4;
    private const int Smallest = 4096;

    private byte[] _bytes = [];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that it holds, used or not.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Takes back what was written behind a mark.</summary>
    public void TruncateTo(int mark) => Length = mark;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>
    /// Makes what stands behind a mark the value of a field, and puts other bytes before the field. The length has four bytes whatever it is, which protobuf
    /// allows.
    /// </summary>
    public void WrapFrom(int mark, ReadOnlySpan<byte> before, int field)
    {
        int length = Length - mark;
        int gap = before.Length + 1 + PaddedLength;
        Ensure(gap);
        _bytes.AsSpan(mark, length).CopyTo(_bytes.AsSpan(mark + gap));
        before.CopyTo(_bytes.AsSpan(mark));
        Span<byte> head = _bytes.AsSpan(mark + before.Length, 1 + PaddedLength);
        head[0] = (byte)((field << 3) | (int)WireType.LengthDelimited);
        for (int i = 0; i < PaddedLength - 1; i++)
        {
            head[1 + i] = (byte)(0x80 | (length >> (7 * i)));
        }

        head[PaddedLength] = (byte)(length >> (7 * (PaddedLength - 1)));
        Length += gap;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        Length = 0;
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - Length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_bytes.Length * 2, Smallest), Length + more));
        Written.CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
