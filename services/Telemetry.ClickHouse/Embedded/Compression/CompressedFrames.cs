using System.Buffers.Binary;

namespace Telemetry.ClickHouse.Embedded.Compression;

/// <summary>
/// ClickHouse's compressed frames, which <c>compress=1</c> and <c>decompress=1</c> speak: 16 bytes CityHash128 of what follows, 1 byte method,
/// 4 bytes compressed size with this 9-byte header, 4 bytes plain size, data. Written is method NONE, which every client reads: the frame is
/// for clients that insist on it, over loopback, where packing costs more than it saves. Read are LZ4 and NONE.
/// </summary>
internal static class CompressedFrames
{
    internal const int ChecksumSize = 16;
    internal const int HeaderSize = 9;

    /// <summary>Largest frame that is written or read.</summary>
    internal const int MaxFrameBytes = 64 << 20;

    private const byte MethodNone = 0x02;
    private const byte MethodLz4 = 0x82;
    private const byte MethodZstd = 0x90;

    internal static byte[] Frame(ReadOnlySpan<byte> data)
    {
        byte[] frame = new byte[ChecksumSize + HeaderSize + data.Length];
        Span<byte> body = frame.AsSpan(ChecksumSize);
        body[0] = MethodNone;
        BinaryPrimitives.WriteUInt32LittleEndian(body[1..], (uint)(HeaderSize + data.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(body[5..], (uint)data.Length);
        data.CopyTo(body[HeaderSize..]);
        (ulong low, ulong high) = CityHash128.Hash(body);
        BinaryPrimitives.WriteUInt64LittleEndian(frame, low);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), high);
        return frame;
    }

    /// <summary>Size of the compressed part after checksum and header, and of the plain data.</summary>
    internal static (int Compressed, int Plain) Sizes(ReadOnlySpan<byte> checksumAndHeader)
    {
        uint compressed = BinaryPrimitives.ReadUInt32LittleEndian(checksumAndHeader[(ChecksumSize + 1)..]);
        uint plain = BinaryPrimitives.ReadUInt32LittleEndian(checksumAndHeader[(ChecksumSize + 5)..]);
        return compressed is >= HeaderSize and <= MaxFrameBytes && plain <= MaxFrameBytes
            ? ((int)compressed - HeaderSize, (int)plain)
            : throw new InvalidDataException($"A compressed frame announces {compressed} bytes for {plain}; at most {MaxFrameBytes} are read.");
    }

    /// <summary>Checks and unpacks one whole frame.</summary>
    internal static byte[] Unpack(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> body = frame[ChecksumSize..];
        (ulong low, ulong high) = CityHash128.Hash(body);
        if (low != BinaryPrimitives.ReadUInt64LittleEndian(frame) || high != BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]))
        {
            throw new InvalidDataException("Checksum doesn't match: a compressed frame is damaged.");
        }

        (_, int plainSize) = Sizes(frame);
        ReadOnlySpan<byte> data = body[HeaderSize..];
        switch (body[0])
        {
            case MethodNone when data.Length == plainSize:
                return data.ToArray();
            case MethodLz4 when plainSize <= data.Length * Lz4Block.LargestGrowth:
                byte[] plain = new byte[plainSize];
                Lz4Block.Decompress(data, plain);
                return plain;
            case MethodNone or MethodLz4:
                throw new InvalidDataException($"A compressed frame announces {plainSize} bytes, which its {data.Length} cannot give.");
            case MethodZstd:
                throw new InvalidDataException("Frames compressed with ZSTD are not read by the embedded engine; use LZ4, gzip or none.");
            default:
                throw new InvalidDataException($"A compressed frame has the unknown method 0x{body[0]:x2}.");
        }
    }
}
