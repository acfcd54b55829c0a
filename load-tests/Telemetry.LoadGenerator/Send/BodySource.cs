using System.Buffers.Binary;
using System.IO.Compression;
using Telemetry.LoadGenerator.Payload;

namespace Telemetry.LoadGenerator.Send;

/// <summary>Gives the next request's body.</summary>
internal interface IBodySource
{
    /// <summary>Bytes that a caller's buffer needs.</summary>
    int BufferLength { get; }

    /// <summary>The next body, in the buffer or elsewhere; false when there is none left.</summary>
    bool TryNext(byte[] buffer, out Body body);
}

/// <summary>Numbers of requests, one after the other for all phases of a run.</summary>
internal sealed class RequestNumbers
{
    private long _next = -1;

    /// <summary>How many were given.</summary>
    public long Count => Volatile.Read(ref _next) + 1;

    /// <summary>The next one.</summary>
    public long Next() => Interlocked.Increment(ref _next);
}

/// <summary>Makes every body when it is needed.</summary>
internal sealed class FreshBodies(PayloadFactory factory, RequestNumbers numbers) : IBodySource
{
    /// <inheritdoc />
    public int BufferLength => GrpcSender.FrameHeader + factory.MaxLength;

    /// <inheritdoc />
    public bool TryNext(byte[] buffer, out Body body)
    {
        long request = numbers.Next();
        int length = factory.Fill(buffer.AsSpan(GrpcSender.FrameHeader), request);
        Frame.Write(buffer, length, compressed: false);
        body = new Body(buffer.AsMemory(0, GrpcSender.FrameHeader + length), request);
        return true;
    }
}

/// <summary>
/// Bodies that were compressed before the run, because compressing beside the receiver would measure the compression. Each is sent once, so that
/// ids stay unique; the run ends early when they are used up. Their spans are as old as the preparation took.
/// </summary>
internal sealed class CompressedBodies : IBodySource
{
    private const long MostBytes = 512L << 20;
    private readonly List<(byte[] Frame, long Request)> _bodies = [];
    private int _next = -1;

    private CompressedBodies()
    {
    }

    /// <summary>Number of bodies.</summary>
    public int Count => _bodies.Count;

    /// <inheritdoc />
    public int BufferLength => 0;

    /// <summary>Prepares as many as asked for, or as fit into memory.</summary>
    public static CompressedBodies Prepare(PayloadFactory factory, RequestNumbers numbers, int count, CancellationToken cancellation)
    {
        var source = new CompressedBodies();
        byte[] plain = new byte[factory.MaxLength];
        long bytes = 0;
        var packed = new MemoryStream();
        while (source._bodies.Count < count && bytes < MostBytes && !cancellation.IsCancellationRequested)
        {
            long request = numbers.Next();
            int length = factory.Fill(plain, request);
            packed.SetLength(0);
            packed.Write(new byte[GrpcSender.FrameHeader]);
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(plain, 0, length);
            }

            byte[] frame = packed.ToArray();
            Frame.Write(frame, frame.Length - GrpcSender.FrameHeader, compressed: true);
            source._bodies.Add((frame, request));
            bytes += frame.Length;
        }

        return source;
    }

    /// <inheritdoc />
    public bool TryNext(byte[] buffer, out Body body)
    {
        int index = Interlocked.Increment(ref _next);
        if (index >= _bodies.Count)
        {
            body = default;
            return false;
        }

        body = new Body(_bodies[index].Frame, _bodies[index].Request);
        return true;
    }
}

/// <summary>The header of a gRPC message.</summary>
internal static class Frame
{
    /// <summary>Writes it before a message.</summary>
    public static void Write(Span<byte> frame, int length, bool compressed)
    {
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)length);
    }
}
