namespace Telemetry.Collector.Redact;

/// <summary>The policies of all tenants.</summary>
internal sealed class RedactPolicies
{
    private readonly RedactPolicy _default;
    private readonly Dictionary<string, RedactPolicy> _tenants;

    /// <summary>Reads validated options.</summary>
    public RedactPolicies(RedactOptions options)
    {
        _default = Parse(options.Default);
        _tenants = options.Tenants.ToDictionary(t => t.Key, t => Parse(t.Value), StringComparer.Ordinal);
        Key = RedactKey.Read(options);
    }

    /// <summary>Key of the hashes; empty when no policy hashes.</summary>
    public byte[] Key { get; }

    /// <summary>The policy of a tenant; null when nothing is to be done.</summary>
    public RedactPolicy? Of(string tenant)
    {
        RedactPolicy policy = _tenants.GetValueOrDefault(tenant, _default);
        return policy.Mode == RedactMode.Off ? null : policy;
    }

    private static RedactPolicy Parse(string text) => RedactPolicy.TryParse(text, out RedactPolicy? policy, out string problem) ? policy! : throw new ArgumentException(problem, nameof(text));
}
