using Telemetry.Keys;

namespace Telemetry.CommandLine.Keys;

/// <summary>A key as it is printed: never its hash.</summary>
internal sealed record KeyRow(
    string Id, string Tenant, string Name, string State, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? ReplacedBy, string? Key = null)
{
    public static KeyRow Of(IngestKey key, DateTimeOffset now, string? secret = null) => new(
        key.Id, key.Tenant, key.Name, key.StateAt(now), [.. ScopeNames(key.Scopes)], key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.ReplacedBy, secret);

    public static IEnumerable<string> ScopeNames(KeyScopes scopes) =>
        Enum.GetValues<KeyScopes>().Where(s => s is KeyScopes.Ingest or KeyScopes.Feedback && scopes.HasFlag(s)).Select(s => s.ToString().ToLowerInvariant());
}
