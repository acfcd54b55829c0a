using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Collector.Tests.Support;

/// <summary>A connection that says exactly what a test wants, and no more: HTTP/1 text, or HTTP/2 frames without a library's manners.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int FrameHeader = 9;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte EndHeaders = 4;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri url)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port), TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>An HTTP/2 connection after its preface, with settings that ask for nothing.</summary>
    public static async Task<RawConnection> OpenHttp2Async(Uri url)
    {
        RawConnection connection = await OpenAsync(url);
        await connection.SendAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])]);
        return connection;
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => SendWithinAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Sends until the token fires: the far side may have stopped listening.</summary>
    public async Task SendWithinAsync(ReadOnlyMemory<byte> bytes, CancellationToken limit) => await _socket.SendAsync(bytes, limit);

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>The head of a POST of spans over HTTP/1.</summary>
    public Task PostAsync(long contentLength) => SendAsync(
        $"POST /v1/traces HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-protobuf\r\nContent-Length: {contentLength}\r\n\r\n");

    /// <summary>The frame that begins a gRPC call on a stream, to be followed by data that may never come.</summary>
    public static byte[] CallHeaders(int stream)
    {
        var block = new MemoryStream();
        foreach ((string name, string value) in ((string, string)[])
        [
            (":method", "POST"), (":scheme", "http"), (":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"), (":authority", "test"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        ])
        {
            // HPACK: literal header field without indexing, new name, no Huffman coding; all lengths are below 127.
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.ASCII.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.ASCII.GetBytes(value));
        }

        return Frame(Headers, EndHeaders, stream, block.ToArray());
    }

    /// <summary>The frame that takes a stream back.</summary>
    public static byte[] Reset(int stream) => Frame(ResetStream, 0, stream, [0, 0, 0, 8]);

    /// <summary>Says that nothing more will be sent, and still listens.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>All that the far side says until it closes; what it closes the hard way counts as its end too.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan bound)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(bound);
        var all = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        try
        {
            for (int read = 1; read > 0;)
            {
                read = await _socket.ReceiveAsync(buffer, limit.Token);
                all.Write(buffer, 0, read);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // Closed, with something of ours unread.
        }

        return all.ToArray();
    }

    public void Dispose() => _socket.Dispose();

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[FrameHeader + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeader);
        return frame;
    }
}
