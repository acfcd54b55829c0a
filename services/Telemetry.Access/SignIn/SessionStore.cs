using System.Collections.Concurrent;
using System.Security.Cryptography;
using Telemetry.Access.Accounts;

namespace Telemetry.Access.SignIn;

/// <summary>
/// Sessions of people who signed in, in memory: what the browser holds is 256 random bits, and what is held here is their hash, so a session ends for good when it is
/// ended. A restart ends them all. Bounded; the one that was used longest ago makes room.
/// </summary>
internal sealed class SessionStore(AccessOptions options, TimeProvider time)
{
    private const int MostSessions = 10_000;
    private const int SecretBytes = 32;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Sessions now.</summary>
    public int Count => _sessions.Count;

    /// <summary>Begins a session; gives what the browser is to hold.</summary>
    public string Begin(Account account)
    {
        MakeRoom();
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        DateTimeOffset now = time.GetUtcNow();
        _sessions[Hash(secret)] = new Session(account.Name, account.Version, now) { UsedAt = now };
        return secret;
    }

    /// <summary>The account of a session; null when there is none, its time is over, or the account has changed since.</summary>
    public Account? Find(string secret, AccountSet accounts)
    {
        if (secret.Length != SecretBytes * 2 || !_sessions.TryGetValue(Hash(secret), out Session? session))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        Account? account = accounts.Find(session.Name);
        if (now - session.BegunAt >= options.SessionLength || now - session.UsedAt >= options.SessionIdle || account is not { DisabledAt: null } || account.Version != session.Version)
        {
            End(secret);
            return null;
        }

        session.UsedAt = now;
        return account;
    }

    /// <summary>Ends a session.</summary>
    public void End(string secret) => _sessions.TryRemove(Hash(secret), out _);

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(secret)));

    private void MakeRoom()
    {
        if (_sessions.Count < MostSessions)
        {
            return;
        }

        foreach ((string hash, _) in _sessions.OrderBy(s => s.Value.UsedAt).Take(MostSessions / 10))
        {
            _sessions.TryRemove(hash, out _);
        }
    }

    private sealed record Session(string Name, int Version, DateTimeOffset BegunAt)
    {
        public DateTimeOffset UsedAt { get; set; }
    }
}
