namespace Telemetry.Access.Accounts;

/// <summary>One person.</summary>
/// <param name="Name">Name to sign in with: 1 to 64 letters, digits, dots, hyphens, underscores and @.</param>
/// <param name="PasswordHash">As ASP.NET Core Identity writes it, version 3: PBKDF2 with HMAC-SHA512, salt and iterations within; empty for nobody who signs in.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Tenants">Tenants whose data they see; null for all.</param>
/// <param name="MayReadContent">Whether they may read messages and answers. Apart from the role: an administrator need not.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="DisabledAt">From when on it is refused; null for not at all.</param>
/// <param name="Version">Counts changes; sessions of an earlier one are over.</param>
public sealed record Account(
    string Name, string PasswordHash, Role Role, IReadOnlyList<string>? Tenants, bool MayReadContent, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt = null, int Version = 1);
