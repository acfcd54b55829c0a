using Telemetry.Access.Accounts;

namespace Telemetry.CommandLine.Accounts;

/// <summary>An account as it is printed: never its hash.</summary>
internal sealed record AccountRow(string Name, string State, string Role, IReadOnlyList<string>? Tenants, bool Content, DateTimeOffset CreatedAt)
{
    public static AccountRow Of(Account account) => new(
        account.Name, account.DisabledAt is null ? "enabled" : "disabled", account.Role.ToString().ToLowerInvariant(), account.Tenants, account.MayReadContent, account.CreatedAt);
}

/// <summary>A token as it is printed: itself only when it is made.</summary>
internal sealed record TokenRow(string Id, string Name, string State, string Role, IReadOnlyList<string>? Tenants, bool Content, DateTimeOffset? ExpiresAt, string? Token = null)
{
    public static TokenRow Of(ApiToken token, DateTimeOffset now, string? secret = null) => new(
        token.Id, token.Name, token.RevokedAt is not null ? "revoked" : token.IsValidAt(now) ? "valid" : "expired", token.Role.ToString().ToLowerInvariant(), token.Tenants, token.MayReadContent,
        token.ExpiresAt, secret);
}
