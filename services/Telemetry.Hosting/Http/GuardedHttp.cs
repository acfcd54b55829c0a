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
    public static bool IsPrivate(IPAddress address)
    {
        IPAddress bare = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (bare.AddressFamily == AddressFamily.InterNetworkV6)
        {
            byte[] six = bare.GetAddressBytes();
            // Also those that wrap an IPv4 address: NAT64 (64:ff9b::/96, RFC 6052) and 6to4 (2002::/16).
            bool nat64 = six[0] == 0 && six[1] == 0x64 && six[2] == 0xff && six[3] == 0x9b;
            bool sixToFour = six[0] == 0x20 && six[1] == 0x02;
            return IPAddress.IsLoopback(bare) || bare.Equals(IPAddress.IPv6Any) || bare.IsIPv6LinkLocal || bare.IsIPv6SiteLocal || bare.IsIPv6Multicast || bare.IsIPv6UniqueLocal
                || (nat64 && IsPrivate(new IPAddress(six.AsSpan(12)))) || (sixToFour && IsPrivate(new IPAddress(six.AsSpan(2, 4))))
                || six.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0;
        }

        byte[] b = bare.GetAddressBytes();
        return b[0] switch
        {
            0 or 10 or 127 or >= 224 => true,
            100 => b[1] is >= 64 and < 128,
            169 => b[1] == 254,
            172 => b[1] is >= 16 and < 32,
            192 => b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2),
            198 => b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100),
            203 => b[1] == 0 && b[2] == 113,
            _ => false,
        };
    }

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
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
