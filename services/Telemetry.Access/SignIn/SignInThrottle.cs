using System.Net;

namespace Telemetry.Access.SignIn;

/// <summary>
/// Slows guessing down: failures of one address with one name, of one name from anywhere, and of one address with any name are counted apart, and after some of them
/// the next attempt has to wait, twice as long each time. One who signs in elsewhere is hardly in the way of an attacker who knows the name, nor the attacker in theirs.
/// Bounded: what was counted longest ago is forgotten first.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    private const int MostEntries = 20_000;
    private const int FreeOfPair = 5;
    private const int FreeOfName = 50;
    private const int FreeOfAddress = 30;
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_forgotten = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Entries held.</summary>
    public int Count => _entries.Count;

    /// <summary>How long an attempt has to wait; zero for not at all. An attempt that may go on counts as failed until <see cref="Succeeded"/> says otherwise, so that many at once are counted too.</summary>
    public TimeSpan Begin(string name, IPAddress? address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            Forget(now);
            TimeSpan wait = Keys(name, address).Max(k => _entries.TryGetValue(k.Key, out Entry? e) && e.Until > now ? e.Until - now : TimeSpan.Zero);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            foreach ((string key, int free) in Keys(name, address))
            {
                Entry entry = _entries.TryGetValue(key, out Entry? e) && now - e.At < s_forgotten ? e : new Entry();
                entry.Failures++;
                entry.At = now;
                int over = Math.Min(entry.Failures - free, 30);
                TimeSpan pause = over <= 0 ? TimeSpan.Zero : s_first * Math.Pow(2, over - 1);
                entry.Until = now + (pause < s_longest ? pause : s_longest);
                _entries[key] = entry;
            }

            return TimeSpan.Zero;
        }
    }

    /// <summary>An attempt was right: what was counted against this pair is forgotten, and the attempt itself taken back from the others.</summary>
    public void Succeeded(string name, IPAddress? address)
    {
        lock (_lock)
        {
            (string Key, int Free)[] keys = Keys(name, address);
            _entries.Remove(keys[0].Key);
            foreach ((string key, _) in keys.Skip(1))
            {
                if (_entries.TryGetValue(key, out Entry? entry) && --entry.Failures <= 0)
                {
                    _entries.Remove(key);
                }
            }
        }
    }

    private static (string Key, int Free)[] Keys(string name, IPAddress? address)
    {
        // A network of 64 bits is one customer's as a rule.
        IPAddress from = address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        string place = from.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(from.GetAddressBytes().AsSpan(0, 8)) : from.ToString();
        return [($"p\n{name}\n{place}", FreeOfPair), ($"n\n{name}", FreeOfName), ($"a\n{place}", FreeOfAddress)];
    }

    private void Forget(DateTimeOffset now)
    {
        if (_entries.Count < MostEntries)
        {
            return;
        }

        foreach (string key in _entries.OrderBy(e => e.Value.At).Take(MostEntries / 4).Select(e => e.Key).ToList())
        {
            _entries.Remove(key);
        }
    }

    private sealed class Entry
    {
        public int Failures { get; set; }

        public DateTimeOffset At { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
