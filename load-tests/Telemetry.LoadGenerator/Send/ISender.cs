using System.Net.Sockets;

namespace Telemetry.LoadGenerator.Send;

/// <summary>Sends requests over one connection, or for OTLP/HTTP over as many as are in flight.</summary>
internal interface ISender : IDisposable
{
    /// <summary>Sends; never throws but for the caller's cancellation.</summary>
    Task<SendResult> SendAsync(Body body, CancellationToken cancellation);
}

/// <summary>What the senders share.</summary>
internal static class Senders
{
    /// <summary>Longest answer that is looked at.</summary>
    public const int LargestAnswer = 4096;

    /// <summary>A client without anything that is not needed: no cookies, proxies, redirects or tracing headers.</summary>
    public static HttpMessageInvoker CreateClient() => new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>Reads an answer into a buffer as far as it fits; gives its length.</summary>
    public static async Task<int> ReadAsync(HttpContent content, Memory<byte> buffer, CancellationToken cancellation)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        int length = 0;
        while (true)
        {
            // What does not fit is read over its end, because trailers come behind everything.
            int read = await stream.ReadAsync(length < buffer.Length ? buffer[length..] : buffer, cancellation);
            if (read == 0)
            {
                return length;
            }

            length = Math.Min(buffer.Length, length + read);
        }
    }

    /// <summary>A failure in a few words, the same for the same kind.</summary>
    public static SendResult Failed(Exception error) => new(SendOutcome.Failed, error switch
    {
        OperationCanceledException => "no answer in time",
        { InnerException: SocketException socket } => $"connection: {socket.SocketErrorCode}",
        HttpRequestException http => $"connection: {http.HttpRequestError}",
        _ => error.GetType().Name,
    });
}
