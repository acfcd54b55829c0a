namespace Telemetry.Keys;

/// <summary>What a keys file says.</summary>
/// <param name="Keys">The keys in the order in which they were made.</param>
/// <param name="Limits">Limits of tenants that have their own, by name.</param>
public sealed record KeySet(IReadOnlyList<IngestKey> Keys, IReadOnlyDictionary<string, TenantLimits> Limits)
{
    /// <summary>No key, no limit.</summary>
    public static KeySet Empty { get; } = new([], new Dictionary<string, TenantLimits>());

    /// <summary>With a new key; gives the key itself, which is nowhere kept.</summary>
    public (KeySet Set, IngestKey Key, string Secret) Create(string tenant, string name, KeyScopes scopes, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        if (!TenantName.IsValid(tenant))
        {
            throw new KeyFileException($"tenant = \"{tenant}\": {TenantName.Allowed}");
        }

        string secret = KeyText.Create();
        KeyText.TryReadId(secret, out ReadOnlySpan<char> id);
        var key = new IngestKey(id.ToString(), tenant, KeyText.HashText(secret), name, scopes, now, expiresAt);
        return (this with { Keys = [.. Keys, key] }, key, secret);
    }

    /// <summary>With a new key for that of an id, which is taken for a while longer.</summary>
    public (KeySet Set, IngestKey Key, string Secret) Rotate(string id, DateTimeOffset now, TimeSpan grace)
    {
        IngestKey old = Find(id);
        if (!old.IsValidAt(now))
        {
            throw new KeyFileException($"key {id} is {old.StateAt(now)}; create a new one");
        }

        // The successor lives as long as its predecessor was meant to.
        TimeSpan? life = old.ExpiresAt - old.CreatedAt;
        (KeySet set, IngestKey key, string secret) = Create(old.Tenant, old.Name, old.Scopes, now, life is { } l ? now + l : null);
        DateTimeOffset end = now + grace;
        return (set.Replace(old with { ExpiresAt = old.ExpiresAt is { } e && e < end ? e : end, ReplacedBy = key.Id }), key, secret);
    }

    /// <summary>Without one key from now on; it stays in the list.</summary>
    public KeySet Revoke(string id, DateTimeOffset now) => Find(id) is { RevokedAt: null } key ? Replace(key with { RevokedAt = now }) : this;

    /// <summary>With a tenant's own limits.</summary>
    public KeySet Limit(string tenant, TenantLimits limits)
    {
        if (!TenantName.IsValid(tenant))
        {
            throw new KeyFileException($"tenant = \"{tenant}\": {TenantName.Allowed}");
        }

        return this with { Limits = new Dictionary<string, TenantLimits>(Limits, StringComparer.Ordinal) { [tenant] = limits } };
    }

    /// <summary>The key of an id.</summary>
    /// <exception cref="KeyFileException">There is none.</exception>
    public IngestKey Find(string id) => Keys.FirstOrDefault(k => k.Id == id) ?? throw new KeyFileException($"there is no key \"{id}\"; telemetry keys list prints the ids");

    private KeySet Replace(IngestKey key) => this with { Keys = [.. Keys.Select(k => k.Id == key.Id ? key : k)] };
}
