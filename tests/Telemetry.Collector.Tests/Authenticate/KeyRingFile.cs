using Telemetry.Keys;
using Telemetry.TestKit;

namespace Telemetry.Collector.Tests.Authenticate;

/// <summary>A keys file of a test.</summary>
internal sealed class KeyRingFile : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public KeyRingFile() => KeyFile.Change(Path, set => (set, true));

    public string Path => System.IO.Path.Combine(_directory.Path, "keys.json");

    public void Use(CollectorOptions options) => (options.Keys.File, options.Keys.LookEvery) = (Path, TimeSpan.FromMilliseconds(50));

    public string Create(string tenant, KeyScopes scopes = KeyScopes.All) => KeyFile.Change(Path, set =>
    {
        (KeySet changed, _, string key) = set.Create(tenant, "", scopes, TimeProvider.System.GetUtcNow(), null);
        return (changed, key);
    });

    public void Revoke(string key) => KeyFile.Change(Path, set => (set.Revoke(key[3..13], TimeProvider.System.GetUtcNow()), true));

    public void Limit(string tenant, TenantLimits limits) => KeyFile.Change(Path, set => (set.Limit(tenant, limits), true));

    public void Dispose() => _directory.Dispose();
}
