using System.Buffers;
using System.Buffers.Binary;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Receive;

/// <summary>Growing protobuf output; nested messages get a padded four-byte length that is filled in at their end.</summary>
internal sealed class ProtobufBuffer(int limit) : IDisposable
{
    private const int PaddedLength = 4;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 << 10);
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Starts a nested message; give the result to <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, WireType.LengthDelimited);
        Ensure(PaddedLength);
        _length += PaddedLength;
        return _length;
    }

    /// <summary>Ends the nested message.</summary>
    public void End(int start)
    {
        int length = _length - start;
        for (int i = 0; i < PaddedLength; i++)
        {
            _bytes[start - PaddedLength + i] = (byte)((length >> (7 * i) & 0x7F) | (i < PaddedLength - 1 ? 0x80 : 0));
        }
    }

    /// <summary>A varint field.</summary>
    public void Varint(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Raw(value);
    }

    /// <summary>A fixed64 field.</summary>
    public void Fixed64(int field, ulong value)
    {
        Tag(field, WireType.Fixed64);
        Ensure(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>A fixed32 field.</summary>
    public void Fixed32(int field, uint value)
    {
        Tag(field, WireType.Fixed32);
        Ensure(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += 4;
    }

    /// <summary>A string or bytes field.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Bytes(field, value.Length));
    }

    /// <summary>A string or bytes field of known length, to be filled in by the caller.</summary>
    public Span<byte> Bytes(int field, int length)
    {
        Tag(field, WireType.LengthDelimited);
        Raw((ulong)length);
        Ensure(length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Tag(int field, WireType type) => Raw((ulong)((field << 3) | (int)type));

    private void Raw(ulong value)
    {
        Ensure(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _length >= more)
        {
            return;
        }

        if (_length + (long)more > limit)
        {
            throw RefusedException.TooLarge("the request as protobuf", limit, nameof(CollectorLimits.MaxDecompressedBytes));
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
