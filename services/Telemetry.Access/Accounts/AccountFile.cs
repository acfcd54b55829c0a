using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Keys;

namespace Telemetry.Access.Accounts;

/// <summary>The file of accounts and tokens: JSON, kept as the ingest keys are.</summary>
public static class AccountFile
{
    private static readonly JsonSerializerOptions s_json = OwnedJsonFile.Options(new JsonStringEnumConverter<Role>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));

    /// <summary>Reads a file.</summary>
    /// <exception cref="AccessFileException">It is missing, cannot be read, others may write it, or something in it is wrong.</exception>
    public static AccountSet Read(string path)
    {
        try
        {
            return Check(path, OwnedJsonFile.Read<Content>(path, s_json));
        }
        catch (KeyFileException e)
        {
            throw new AccessFileException(e.Message, e);
        }
    }

    /// <summary>Changes a file, or makes it, while no other change is under way.</summary>
    /// <exception cref="AccessFileException">It is wrong, or cannot be written.</exception>
    public static T Change<T>(string path, Func<AccountSet, (AccountSet Set, T Result)> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            return OwnedJsonFile.Change<Content, T>(
                path,
                s_json,
                content =>
                {
                    (AccountSet set, T result) = change(content is null ? AccountSet.Empty : Check(path, content));
                    return (new Content(1, [.. set.Accounts], [.. set.Tokens]), result);
                });
        }
        catch (KeyFileException e)
        {
            throw new AccessFileException(e.Message, e);
        }
    }

    private static AccountSet Check(string path, Content content)
    {
        if (content.Version != 1)
        {
            throw new AccessFileException($"{path}: version = {content.Version}; allowed: 1");
        }

        if (content.Accounts.GroupBy(a => a.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1 || !AccountSet.IsName(g.Key)) is { } wrong)
        {
            throw new AccessFileException($"{path}: account \"{wrong.Key}\": names are letters, digits, dots, hyphens, underscores and @, and stand once");
        }

        foreach (IReadOnlyList<string>? tenants in content.Accounts.Select(a => a.Tenants).Concat(content.Tokens.Select(t => t.Tenants)))
        {
            AccountSet.CheckTenants(tenants);
        }

        return new AccountSet(content.Accounts, content.Tokens);
    }

    private sealed record Content(int Version, List<Account> Accounts, List<ApiToken> Tokens);
}
