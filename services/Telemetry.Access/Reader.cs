using Telemetry.Access.Accounts;

namespace Telemetry.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Name of the account or token; <c>local</c> in local mode.</param>
/// <param name="Kind"><c>account</c>, <c>token</c> or <c>local</c>.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Tenants">Tenants whose data they see; null for all.</param>
/// <param name="MayReadContent">Whether they may read messages and answers.</param>
public sealed record Reader(string Name, string Kind, Role Role, IReadOnlyList<string>? Tenants, bool MayReadContent)
{
    /// <summary>Whoever reaches a port on loopback where there are no accounts: everything.</summary>
    public static Reader Local { get; } = new("local", "local", Role.Admin, null, true);

    internal static Reader Of(Account account) => new(account.Name, "account", account.Role, account.Tenants, account.MayReadContent);

    internal static Reader Of(ApiToken token) => new(token.Name.Length > 0 ? $"{token.Name} ({token.Id})" : token.Id, "token", token.Role, token.Tenants, token.MayReadContent);
}
