using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded.Compression;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.Embedded.Http;
using Telemetry.Fuzz.Reference;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// Bodies for the ClickHouse front in ClickHouse's compressed frames, maybe compressed again by HTTP: unpacked as the reference unpacks them, or refused.
/// Control bytes: 0: 1 size and checksum are made right, 2 packed by HTTP here; 1: Content-Encoding; 2: size of the pieces.
/// </summary>
internal sealed class FramesTarget : IFuzzTarget
{
    /// <summary>Its name.</summary>
    public const string TargetName = "frames";

    private const int Right = 1;
    private const int PackHere = 2;
    private const int MostBytes = 64 << 10;
    private const byte Lz4 = 0x82;
    private const byte None = 0x02;
    private const int HeadBytes = CompressedFrames.ChecksumSize + CompressedFrames.HeaderSize;

    private static readonly string[] Encodings = ["", "gzip", "deflate", "br", "identity", "x-gzip", "zstd"];

    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly ArrayBufferWriter<byte> _plain = new(MostBytes);

    public FramesTarget()
    {
        byte[] packed = Lz4Reference.Pack("SELECT number FROM "u8, 3, 40, "numbers(10)"u8);
        byte[] plain = Lz4Reference.Unpack(packed, MostBytes)!;
        byte[] lz4 = Frame(Lz4, packed, plain.Length);
        byte[] bomb = Lz4Reference.Pack([0], 1, 100_000, "end.."u8);
        byte[] lz4Bomb = Frame(Lz4, bomb, 100_006);
        byte[] none = CompressedFrames.Frame("INSERT INTO t VALUES (1)"u8);
        Seeds =
        [
            Captures.With(lz4, Right, 0, 200), Captures.With(lz4, 0, 0, 9), Captures.With(none, Right, 0, 200), Captures.With([.. none, .. lz4, .. none], 0, 0, 4), Captures.With(lz4Bomb, Right, 0, 200),
            Captures.With([.. lz4, .. none], PackHere, 1, 200), Captures.With(lz4, PackHere | Right, 2, 200), Captures.With(none, PackHere, 3, 200), Captures.With(Pack([.. none, .. none], "gzip"), 0, 1, 200),
            Captures.With(Pack(new byte[1 << 20], "br"), 0, 3, 200), Captures.With(none, 0, 4, 200),
            // Larger than what is read at once.
            Captures.With(CompressedFrames.Frame(Enumerable.Range(0, 50_000).Select(i => (byte)i).ToArray()), Right, 0, 200),
        ];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "Bodies for the ClickHouse front in ClickHouse's compressed frames and in HTTP's compression";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.None;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words => [];

    /// <inheritdoc />
    public int ControlBytes => 3;

    /// <summary>HTTP's compression makes a large frame of few bytes: what the product allows for one, while it grows and unpacked. Without it memory follows the input; see <see cref="Run"/>.</summary>
    public long AllocationLimit(int inputLength) => 4L * CompressedFrames.MaxFrameBytes;

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        string encoding = Encodings[input[1] % Encodings.Length];
        byte[] frames = input[ControlBytes..].ToArray();
        bool isRight = (input[0] & Right) != 0 && frames.Length >= HeadBytes;
        if (isRight)
        {
            SetSizeAndChecksum(frames);
        }

        bool isPacked = (input[0] & PackHere) != 0;
        byte[] body = isPacked ? Pack(frames, encoding) : frames;
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isTaken = TryRead(body, encoding, 1 + (input[2] * input[2]));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (encoding is "" or "identity" && allocated > (2L << 20) + (input.Length * 600L))
        {
            throw new FuzzFailureException($"{allocated} bytes allocated for frames of {frames.Length}");
        }

        bool isPlain = encoding is "" or "identity" || (isPacked && encoding != "zstd");
        if (isRight && isPlain)
        {
            Compare(frames, isTaken);
        }
    }

    private bool TryRead(byte[] body, string encoding, int piece)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new PieceStream(body, piece);
        context.Request.Headers.ContentEncoding = encoding;
        _plain.ResetWrittenCount();
        try
        {
            RequestBody reader = RequestBody.Open(context.Request, decompressFrames: true, MostBytes);
            for (int read; (read = reader.FillAsync(_buffer, CancellationToken.None).GetAwaiter().GetResult()) > 0;)
            {
                _plain.Write(_buffer.AsSpan(0, read));
            }

            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    // One whole frame of the right size and checksum: what is in it decides.
    private void Compare(byte[] frame, bool isTaken)
    {
        ReadOnlySpan<byte> data = frame.AsSpan(HeadBytes);
        uint announced = BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(CompressedFrames.ChecksumSize + 5));
        byte[]? expected = frame[CompressedFrames.ChecksumSize] switch
        {
            None => data.ToArray(),
            Lz4 => Lz4Reference.Unpack(data, MostBytes),
            _ => null,
        };
        if (expected?.Length != announced)
        {
            expected = null;
        }

        if (isTaken != expected is not null)
        {
            throw new FuzzFailureException(isTaken ? "taken by us alone" : "refused by us alone");
        }

        if (expected is not null && !_plain.WrittenSpan.SequenceEqual(expected))
        {
            throw new FuzzFailureException("unpacked to something else than the reference has");
        }
    }

    private static byte[] Frame(byte method, byte[] data, int plain)
    {
        byte[] frame = new byte[HeadBytes + data.Length];
        frame[CompressedFrames.ChecksumSize] = method;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(CompressedFrames.ChecksumSize + 5), (uint)plain);
        data.CopyTo(frame, HeadBytes);
        SetSizeAndChecksum(frame);
        return frame;
    }

    private static void SetSizeAndChecksum(byte[] frame)
    {
        Span<byte> body = frame.AsSpan(CompressedFrames.ChecksumSize);
        BinaryPrimitives.WriteUInt32LittleEndian(body[1..], (uint)body.Length);
        (ulong low, ulong high) = CityHash128.Hash(body);
        BinaryPrimitives.WriteUInt64LittleEndian(frame, low);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), high);
    }

    private static byte[] Pack(byte[] plain, string encoding)
    {
        using var packed = new MemoryStream();
        Stream? stream = encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => null,
        };
        if (stream is null)
        {
            return plain;
        }

        stream.Write(plain);
        stream.Dispose();
        return packed.ToArray();
    }
}
