using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Telemetry.Collector.Receive;
using Telemetry.Hosting.Files;
using Telemetry.Keys;

namespace Telemetry.Collector.Authenticate;

/// <summary>
/// The one place that every request passes, whatever its port, protocol and path: it finds out by its key whose it is, and holds the tenant to its limits. It runs before
/// anything of the body is read.
/// </summary>
internal sealed class IngestGate : IDisposable
{
    /// <summary>Tenants that have metrics of their own; the rest share the label <c>other</c>.</summary>
    private const int MostLabels = 100;

    private const string Scheme = "Bearer ";
    private const string Needed = "an ingest key is needed: header \"authorization: Bearer tk_...\" or \"x-api-key: tk_...\" (OTEL_EXPORTER_OTLP_HEADERS=x-api-key=tk_...)";

    private readonly CollectorOptions _options;
    private readonly TimeProvider _time;
    private readonly WatchedFile<KeyRing>? _ring;
    private readonly TenantLimits _limits;
    private readonly ConcurrentDictionary<string, TenantState> _tenants = new(StringComparer.Ordinal);

    /// <summary>Reads the keys. Throws <see cref="KeyFileException"/> when there are none to be read.</summary>
    public IngestGate(CollectorOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _time = time;
        _limits = options.Tenants.ToLimits();
        if (options.Keys.File.Length > 0)
        {
            string file = options.Keys.File;
            _ring = new WatchedFile<KeyRing>("ingest keys", [file], () => new KeyRing(KeyFile.Read(file)), options.Keys.LookEvery, loggers.CreateLogger<IngestGate>(), time);
            CollectorMetrics.ObserveKeys(this);
        }
    }

    /// <summary>Whether anybody may send.</summary>
    public bool IsOpen => _ring is null;

    /// <summary>When each key was last used, in seconds since 1970, by its id.</summary>
    public ConcurrentDictionary<string, long> LastUsed { get; } = new(StringComparer.Ordinal);

    /// <summary>Why a change of the keys was not taken; null when all is well.</summary>
    public string? Problem => _ring?.Problem;

    /// <summary>Keys that are taken now; null in open mode.</summary>
    public int? ValidKeys => _ring?.Current.Set.Keys.Count(k => k.IsValidAt(_time.GetUtcNow()));

    /// <summary>Looks at a request.</summary>
    public Admittance Admit(HttpRequest request, KeyScopes needed)
    {
        string tenant = TenantName.Default;
        TenantLimits limits = _limits;
        if (_ring?.Current is { } ring)
        {
            ReadOnlySpan<char> presented = Presented(request.Headers);
            KeyVerdict verdict = ring.Check(presented, _time.GetUtcNow(), out IngestKey? key);
            if (key is null)
            {
                return Unauthenticated(presented.IsEmpty, verdict);
            }

            Note(key.Id);
            if ((key.Scopes & needed) != needed)
            {
                CollectorMetrics.Refused(Label(key.Tenant), "forbidden");
                return new(null, new ExportOutcome(OutcomeKind.Forbidden, $"the ingest key {key.Id} may not do this; it has no scope \"{needed.ToString().ToLowerInvariant()}\""));
            }

            tenant = key.Tenant;
            limits = ring.Set.Limits.GetValueOrDefault(tenant, _limits);
        }

        TenantState state = StateOf(tenant);
        if (state.TryEnter(limits, _options.Limits.RetryAfter) is not { } reached)
        {
            return new(state, default);
        }

        CollectorMetrics.Refused(state.Label, reached.Limit);
        return new(null, new ExportOutcome(OutcomeKind.Overloaded, $"tenant \"{tenant}\" has reached its limit {reached.Limit}", RetryAfter: reached.RetryAfter));
    }

    /// <inheritdoc />
    public void Dispose() => _ring?.Dispose();

    private static Admittance Unauthenticated(bool isMissing, KeyVerdict verdict)
    {
        CollectorMetrics.Refused("", isMissing ? "no_key" : verdict == KeyVerdict.Malformed ? "malformed_key" : "unknown_key");
        return new(null, new ExportOutcome(
            OutcomeKind.Unauthenticated,
            isMissing ? Needed : verdict == KeyVerdict.Malformed ? "the ingest key is not one: its form or its checksum is wrong" : "the ingest key is not known, or its time is over"));
    }

    // One value only: with several, another server on the way may look at another one.
    private static ReadOnlySpan<char> Presented(IHeaderDictionary headers)
    {
        StringValues authorization = headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } text)
        {
            return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text.AsSpan(Scheme.Length).Trim() : text;
        }

        StringValues key = headers["x-api-key"];
        return authorization.Count == 0 && key.Count == 1 ? key[0].AsSpan().Trim() : default;
    }

    private void Note(string id)
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        if (!LastUsed.TryGetValue(id, out long last) || last != now)
        {
            LastUsed[id] = now;
        }
    }

    private TenantState StateOf(string tenant) =>
        _tenants.TryGetValue(tenant, out TenantState? state) ? state : _tenants.GetOrAdd(tenant, t => new TenantState(t, Label(t), isNamed: !IsOpen, _time));

    private string Label(string tenant) => _tenants.TryGetValue(tenant, out TenantState? state) ? state.Label : _tenants.Count < MostLabels ? tenant : "other";
}
