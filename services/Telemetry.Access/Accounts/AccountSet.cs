using Telemetry.Keys;

namespace Telemetry.Access.Accounts;

/// <summary>What an accounts file says.</summary>
public sealed record AccountSet(IReadOnlyList<Account> Accounts, IReadOnlyList<ApiToken> Tokens)
{
    /// <summary>Longest name.</summary>
    public const int LongestName = 64;

    /// <summary>Nobody.</summary>
    public static AccountSet Empty { get; } = new([], []);

    /// <summary>The account of a name; null when there is none. Names are told apart by case.</summary>
    public Account? Find(string name) => Accounts.FirstOrDefault(a => a.Name == name);

    /// <summary>With an account added or in the place of that of the same name, whose sessions are over.</summary>
    /// <exception cref="AccessFileException">A name is none, or a tenant's.</exception>
    public AccountSet With(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!IsName(account.Name))
        {
            throw new AccessFileException($"name = \"{account.Name}\": allowed: 1 to {LongestName} letters, digits, dots, hyphens, underscores and @");
        }

        CheckTenants(account.Tenants);
        Account? old = Find(account.Name);
        return this with { Accounts = old is null ? [.. Accounts, account] : [.. Accounts.Select(a => a == old ? account with { Version = old.Version + 1, CreatedAt = old.CreatedAt } : a)] };
    }

    /// <summary>Without an account.</summary>
    /// <exception cref="AccessFileException">There is none of that name.</exception>
    public AccountSet Without(string name) => Find(name) is null ? throw Unknown(name) : this with { Accounts = [.. Accounts.Where(a => a.Name != name)] };

    /// <summary>With a new token; gives the token itself, which is nowhere kept.</summary>
    public (AccountSet Set, ApiToken Token, string Secret) CreateToken(string name, Role role, IReadOnlyList<string>? tenants, bool mayReadContent, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        CheckTenants(tenants);
        string secret = KeyText.Create(ApiToken.Prefix);
        KeyText.TryReadId(secret, out ReadOnlySpan<char> id, ApiToken.Prefix);
        var token = new ApiToken(id.ToString(), name, KeyText.HashText(secret), role, tenants, mayReadContent, now, expiresAt);
        return (this with { Tokens = [.. Tokens, token] }, token, secret);
    }

    /// <summary>Without one token from now on; it stays in the list.</summary>
    /// <exception cref="AccessFileException">There is none of that id.</exception>
    public AccountSet RevokeToken(string id, DateTimeOffset now) => Tokens.Any(t => t.Id == id)
        ? this with { Tokens = [.. Tokens.Select(t => t.Id == id && t.RevokedAt is null ? t with { RevokedAt = now } : t)] }
        : throw new AccessFileException($"there is no token \"{id}\"; telemetry accounts list prints the ids");

    /// <summary>Whether a text can be an account's name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@');

    /// <summary>What is said when there is no account of a name.</summary>
    public static AccessFileException Unknown(string name) => new($"there is no account \"{name}\"; telemetry accounts list prints them");

    internal static void CheckTenants(IReadOnlyList<string>? tenants)
    {
        if (tenants?.FirstOrDefault(t => !TenantName.IsValid(t)) is { } wrong)
        {
            throw new AccessFileException($"tenant = \"{wrong}\": {TenantName.Allowed}");
        }
    }
}
