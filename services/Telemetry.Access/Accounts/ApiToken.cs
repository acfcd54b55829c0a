namespace Telemetry.Access.Accounts;

/// <summary>A token that a program shows instead of a password.</summary>
/// <param name="Id">Public part.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Hash">SHA-256 of the whole token, in lower-case hexadecimal digits.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Tenants">Tenants whose data it sees; null for all.</param>
/// <param name="MayReadContent">Whether it may read messages and answers.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record ApiToken(
    string Id, string Name, string Hash, Role Role, IReadOnlyList<string>? Tenants, bool MayReadContent, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null, DateTimeOffset? RevokedAt = null)
{
    /// <summary>How tokens begin.</summary>
    public const string Prefix = "ta_";

    /// <summary>Whether it is taken at a moment.</summary>
    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);
}
