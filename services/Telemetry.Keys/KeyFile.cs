using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Keys;

/// <summary>The file that holds the keys' hashes and the tenants' limits.</summary>
public static class KeyFile
{
    private const int HashDigits = 64;

    private static readonly JsonSerializerOptions s_json = OwnedJsonFile.Options(new JsonStringEnumConverter<KeyScopes>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));

    /// <summary>Reads a file.</summary>
    /// <exception cref="KeyFileException">It is missing, cannot be read, others may write it, or something in it is wrong.</exception>
    public static KeySet Read(string path) => Check(path, OwnedJsonFile.Read<Content>(path, s_json));

    /// <summary>Changes a file, or makes it, while no other change is under way.</summary>
    /// <exception cref="KeyFileException">It is wrong, or cannot be written.</exception>
    public static T Change<T>(string path, Func<KeySet, (KeySet Set, T Result)> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return OwnedJsonFile.Change<Content, T>(
            path,
            s_json,
            content =>
            {
                (KeySet set, T result) = change(content is null ? KeySet.Empty : Check(path, content));
                return (new Content(1, [.. set.Keys], set.Limits.Count == 0 ? null : new(set.Limits)), result);
            });
    }

    private static KeySet Check(string path, Content content)
    {
        if (content.Version != 1)
        {
            throw new KeyFileException($"{path}: version = {content.Version}; allowed: 1");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (IngestKey key in content.Keys)
        {
            string? wrong = key.Id.Length != KeyText.IdLength || !ids.Add(key.Id) ? $"ids have {KeyText.IdLength} characters and stand once"
                : !TenantName.IsValid(key.Tenant) ? $"tenant \"{key.Tenant}\", {TenantName.Allowed}"
                : key.Hash.Length != HashDigits || !key.Hash.All(char.IsAsciiHexDigitLower) ? $"hash: allowed: {HashDigits} lower-case hexadecimal digits"
                : null;
            if (wrong is not null)
            {
                throw new KeyFileException($"{path}: key \"{key.Id}\": {wrong}");
            }
        }

        foreach ((string tenant, TenantLimits limits) in content.Limits ?? [])
        {
            if (!TenantName.IsValid(tenant) || !(limits.SpansPerSecond >= 0 && limits.BytesPerSecond >= 0 && limits.MaxConcurrentRequests >= 0))
            {
                throw new KeyFileException($"{path}: limits of tenant \"{tenant}\": {TenantName.Allowed}; numbers not below 0");
            }
        }

        return new KeySet(content.Keys, content.Limits ?? []);
    }

    private sealed record Content(int Version, List<IngestKey> Keys, Dictionary<string, TenantLimits>? Limits = null);
}
