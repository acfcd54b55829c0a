using System.Net;
using System.Net.Sockets;

namespace Telemetry.Hosting.Http;

/// <summary>
/// Tells addresses of the public internet from those of this machine, private and special networks (IANA IPv4 and IPv6 Special-Purpose Address Registries). Of IPv6 only
/// global unicast counts as public, so that whatever is assigned or thought up elsewhere is refused; an address that wraps an IPv4 address is what that one is.
/// </summary>
internal static class SpecialAddresses
{
    /// <summary>Whether an address is anything but public.</summary>
    public static bool Contains(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => IsSpecial4(address.GetAddressBytes()),
        AddressFamily.InterNetworkV6 => IsSpecial6(address.GetAddressBytes()),
        _ => true,
    };

    private static bool IsSpecial4(ReadOnlySpan<byte> b) => b[0] switch
    {
        0 or 10 or 127 or >= 224 => true,
        100 => b[1] is >= 64 and < 128,
        169 => b[1] == 254,
        172 => b[1] is >= 16 and < 32,
        192 => b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99),
        198 => b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100),
        203 => b[1] == 0 && b[2] == 113,
        _ => false,
    };

    private static bool IsSpecial6(ReadOnlySpan<byte> b)
    {
        // ::ffff:a.b.c.d (mapped), 64:ff9b::a.b.c.d (NAT64, RFC 6052), 2002:a.b.c.d:: (6to4).
        if (b.StartsWith<byte>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) || b.StartsWith<byte>([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
        {
            return IsSpecial4(b[12..]);
        }

        if (b[0] == 0x20 && b[1] == 0x02)
        {
            return IsSpecial4(b[2..6]);
        }

        bool isGlobalUnicast = (b[0] & 0xE0) == 0x20;
        bool isProtocol = b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02;
        bool isDocumentation = (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8) || (b[0] == 0x3f && b[1] == 0xff && b[2] < 0x10);
        return !isGlobalUnicast || isProtocol || isDocumentation;
    }
}
