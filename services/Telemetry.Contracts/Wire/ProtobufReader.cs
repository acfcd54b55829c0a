using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Telemetry.Contracts.Wire;

/// <summary>
/// Forward-only reader over the bytes of one protobuf message. Allocates nothing and copies nothing: every
/// length-delimited value is a slice of the input. It never throws on bad input; once a read fails,
/// <see cref="IsMalformed"/> is true and every later read returns false.
/// </summary>
/// <remarks>Source: protobuf encoding guide. Groups, field number 0 and varints over ten bytes are malformed.</remarks>
public ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> _buffer;
    private int _position;

    /// <summary>Reads <paramref name="message"/> from its first byte.</summary>
    public ProtobufReader(ReadOnlySpan<byte> message)
    {
        _buffer = message;
        _position = 0;
        FieldNumber = 0;
        WireType = WireType.Varint;
        IsMalformed = false;
    }

    /// <summary>Field number of the field that <see cref="TryReadTag"/> stands on.</summary>
    public int FieldNumber { get; private set; }

    /// <summary>Wire type of the field that <see cref="TryReadTag"/> stands on.</summary>
    public WireType WireType { get; private set; }

    /// <summary>True once the input broke a rule of the encoding; the reader stays there.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Offset of the next unread byte from the start of the message.</summary>
    public readonly int Position => _position;

    /// <summary>Moves to the next field. False at the end of the message or when the input is malformed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag()
    {
        if (_position >= _buffer.Length || IsMalformed)
        {
            return false;
        }

        if (!TryReadVarint(out ulong tag))
        {
            return false;
        }

        ulong number = tag >> 3;
        var type = (WireType)(tag & 7);
        if (number is 0 or > 536_870_911 || type is WireType.StartGroup or WireType.EndGroup or > WireType.Fixed32)
        {
            return Fail();
        }

        FieldNumber = (int)number;
        WireType = type;
        return true;
    }

    /// <summary>Reads a base-128 varint of at most ten bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadVarint(out ulong value)
    {
        if ((uint)_position < (uint)_buffer.Length && _buffer[_position] < 0x80)
        {
            value = _buffer[_position++];
            return true;
        }

        return TryReadLongVarint(out value);
    }

    /// <summary>Reads eight little-endian bytes.</summary>
    public bool TryReadFixed64(out ulong value)
    {
        if (_buffer.Length - _position < 8)
        {
            value = 0;
            return Fail();
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer[_position..]);
        _position += 8;
        return true;
    }

    /// <summary>Reads four little-endian bytes.</summary>
    public bool TryReadFixed32(out uint value)
    {
        if (_buffer.Length - _position < 4)
        {
            value = 0;
            return Fail();
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(_buffer[_position..]);
        _position += 4;
        return true;
    }

    /// <summary>Reads a length prefix and yields the value as a slice of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        if (!TryReadVarint(out ulong length) || length > (ulong)(_buffer.Length - _position))
        {
            value = default;
            return Fail();
        }

        value = _buffer.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>Steps over the value of the current field, whatever its wire type.</summary>
    public bool TrySkip() => WireType switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryReadFixed64(out _),
        WireType.LengthDelimited => TryReadBytes(out _),
        WireType.Fixed32 => TryReadFixed32(out _),
        _ => Fail(),
    };

    private bool TryReadLongVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)_position >= (uint)_buffer.Length)
            {
                return Fail();
            }

            byte next = _buffer[_position++];
            if (shift == 63 && next > 1)
            {
                return Fail();
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return Fail();
    }

    private bool Fail()
    {
        IsMalformed = true;
        return false;
    }
}
