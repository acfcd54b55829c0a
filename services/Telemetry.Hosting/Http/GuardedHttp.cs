using System.Net;
using System.Net.Sockets;

namespace Telemetry.Hosting.Http;

/// <summary>Connections to receivers: the resolved address is checked and that same one is connected to, so that a name cannot lead into the own network. No redirects, no proxies.</summary>
public static class GuardedHttp
{
    /// <summary>A client without a time limit of its own: the caller has one around each attempt.</summary>
    /// <param name="allowPrivate">Whether addresses of the own machine and of private networks may be connected to.</param>
    /// <param name="hint">What the message of a refused connection says about how to allow it.</param>
    /// <param name="mostAnswerBytes">Most bytes of an answer; a longer one is an error.</param>
    public static HttpClient Create(bool allowPrivate, string hint, int mostAnswerBytes) => new(CreateHandler(allowPrivate, hint))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = mostAnswerBytes,
    };

    /// <summary>The same below a client of another kind.</summary>
    /// <inheritdoc cref="Create"/>
    public static HttpMessageHandler CreateHandler(bool allowPrivate, string hint) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, allowPrivate, hint, cancellation),
    };

    /// <summary>Whether an address is of the own machine, a private or a special network.</summary>
    public static bool IsPrivate(IPAddress address) => SpecialAddresses.Contains(address);

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, string hint, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancellation);
        IPAddress[] allowed = [.. addresses.Where(a => allowPrivate || !IsPrivate(a))];
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"{target.Host} is in a private network; {hint}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            if (!allowPrivate && (socket.RemoteEndPoint is not IPEndPoint reached || IsPrivate(reached.Address)))
            {
                throw new HttpRequestException($"{target.Host} is in a private network; {hint}");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
