using System.Net;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Console.Access;

/// <summary>
/// Keeps pages of other sites out. A site can let its own name point to this machine (DNS rebinding) and would then read answers as its own: so the name in the
/// request must be one of ours. And it can send requests here without reading the answer: so what changes something must come from our own pages or from a program.
/// </summary>
internal sealed class HostRules(IEnumerable<string> allowed, string bindAddress)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);
    private readonly bool _loopback = IPAddress.TryParse(bindAddress, out IPAddress? address) && IPAddress.IsLoopback(address);

    /// <summary>Whether the name that the request was sent to is ours.</summary>
    public bool Knows(HttpRequest request)
    {
        if (_allowed.Contains("*") || (_allowed.Count == 0 && !_loopback))
        {
            return true;
        }

        string host = request.Host.Host;
        // An IP address is no name that somebody could point elsewhere.
        return _allowed.Contains(host) || (_loopback && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _)));
    }

    /// <summary>Whether a request that changes something comes from a program or from our own pages. Browsers name the origin of every such request; programs send none.</summary>
    public static bool IsOurs(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
