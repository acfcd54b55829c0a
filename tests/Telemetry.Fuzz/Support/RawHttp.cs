using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Fuzz.Support;

/// <summary>Bytes to a port, and all that comes back until the other side closes.</summary>
internal sealed class RawHttp(Uri server)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly ArrayBufferWriter<byte> _answer = new(64 << 10);

    /// <summary>The answer; empty when the connection was reset. No answer and no end in time is a failure.</summary>
    public string Exchange(ReadOnlySpan<byte> request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)LongestWait.TotalMilliseconds, LingerState = new LingerOption(true, 0) };
        socket.Connect(server.Host, server.Port);
        _answer.ResetWrittenCount();
        try
        {
            socket.Send(request);
            socket.Shutdown(SocketShutdown.Send);
            for (int read; (read = socket.Receive(_buffer)) > 0;)
            {
                _answer.Write(_buffer.AsSpan(0, read));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected)
        {
            // It closed while it was still being sent to: what it had answered may be lost.
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new FuzzFailureException($"no end of the answer after {LongestWait}", e);
        }

        return Encoding.Latin1.GetString(_answer.WrittenSpan);
    }

    /// <summary>The status of an answer's first line; 0 when there is no such line.</summary>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), out int status) ? status : 0;
}
