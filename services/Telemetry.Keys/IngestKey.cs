namespace Telemetry.Keys;

/// <summary>One key as it is kept: everything but the key.</summary>
/// <param name="Id">Public part, <see cref="KeyText.IdLength"/> characters; names the key in lists, logs and metrics.</param>
/// <param name="Tenant">Whose data it brings.</param>
/// <param name="Hash">SHA-256 of the whole key, 64 lower-case hexadecimal digits. The secret has 256 random bits, so nothing slower is needed.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
/// <param name="ReplacedBy">Id of the key that takes its place; null when none does.</param>
public sealed record IngestKey(
    string Id, string Tenant, string Hash, string Name, KeyScopes Scopes, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt = null, DateTimeOffset? RevokedAt = null, string? ReplacedBy = null)
{
    /// <summary>Whether it is taken at a moment.</summary>
    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);

    /// <summary>valid, expired or revoked, for people.</summary>
    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : IsValidAt(now) ? "valid" : "expired";
}
