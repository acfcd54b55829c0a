using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;
using Telemetry.Screening;

namespace Telemetry.Collector;

/// <summary>
/// The Collector's own metrics:
/// <list type="table">
/// <item><term>telemetry.collector.requests</term><description>Requests by transport (grpc, http, feedback) and outcome (accepted, invalid, too_large, unsupported, unauthenticated, forbidden, overloaded, unavailable, deadline_exceeded).</description></item>
/// <item><term>telemetry.collector.items</term><description>Spans and log records by signal and fate (accepted, let_go, rejected).</description></item>
/// <item><term>telemetry.collector.rejected</term><description>Rejected items by reason (trace_id, span_id, resource, depth, attributes, attribute_bytes, record_bytes).</description></item>
/// <item><term>telemetry.collector.request.duration</term><description>Seconds from the first byte to the answer, by transport.</description></item>
/// <item><term>telemetry.collector.redacted</term><description>What was taken out of texts, by kind of data and action (masked, hashed); attributes and bodies that were dropped whole are of kind content and action dropped.</description></item>
/// <item><term>telemetry.collector.tenant.items</term><description>Spans and log records read, by tenant: the first 100 by their names, the rest as other.</description></item>
/// <item><term>telemetry.collector.tenant.bytes</term><description>Bytes of requests after decompression, by tenant.</description></item>
/// <item><term>telemetry.collector.refused</term><description>Requests that went no further than the gate, by tenant (empty without a valid key) and reason (no_key, malformed_key, unknown_key, forbidden, concurrency, spans_per_second, bytes_per_second).</description></item>
/// <item><term>telemetry.collector.keys</term><description>Ingest keys that are taken now.</description></item>
/// <item><term>telemetry.collector.keys.last_used</term><description>Seconds since 1970 at which a key was last used on this Collector, by its id.</description></item>
/// <item><term>telemetry.collector.in_flight</term><description>Bytes of requests being worked on.</description></item>
/// </list>
/// </summary>
internal static class CollectorMetrics
{
    private static readonly Counter<long> Requests = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.requests", "{request}");
    private static readonly Counter<long> ItemCount = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.items", "{item}");
    private static readonly Counter<long> RejectedCount = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.rejected", "{item}");
    private static readonly Histogram<double> Duration = TelemetryMeter.Meter.CreateHistogram<double>("telemetry.collector.request.duration", "s");

    private static readonly Counter<long> RedactedCount = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.redacted", "{match}");

    private static readonly Counter<long> TenantItems = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.tenant.items", "{item}");
    private static readonly Counter<long> TenantBytes = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.tenant.bytes", "By");
    private static readonly Counter<long> RefusedCount = TelemetryMeter.Meter.CreateCounter<long>("telemetry.collector.refused", "{request}");

    public static void OfTenant(string tenant, int items, int bytes)
    {
        TenantItems.Add(items, new KeyValuePair<string, object?>("tenant", tenant));
        TenantBytes.Add(bytes, new KeyValuePair<string, object?>("tenant", tenant));
    }

    public static void Refused(string tenant, string reason) => RefusedCount.Add(1, new("tenant", tenant), new("reason", reason));

    /// <summary>Reports the keys of a gate.</summary>
    public static void ObserveKeys(Authenticate.IngestGate gate)
    {
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.collector.keys", () => gate.ValidKeys ?? 0, "{key}");
        TelemetryMeter.Meter.CreateObservableGauge(
            "telemetry.collector.keys.last_used", () => gate.LastUsed.Select(k => new Measurement<long>(k.Value, new KeyValuePair<string, object?>("key", k.Key))), "s");
    }

    public static void Redacted(PiiKind kind, string action, int matches)
    {
        if (matches > 0)
        {
            RedactedCount.Add(matches, new("kind", kind.Name()), new("action", action));
        }
    }

    public static void Dropped(int attributes)
    {
        if (attributes > 0)
        {
            RedactedCount.Add(attributes, new("kind", "content"), new("action", "dropped"));
        }
    }

    public static void Request(string transport, string outcome, TimeSpan duration)
    {
        Requests.Add(1, new("transport", transport), new("outcome", outcome));
        Duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("transport", transport));
    }

    public static void Items(string signal, int accepted, int letGo, int rejected, string? reason)
    {
        ItemCount.Add(accepted, new("signal", signal), new("fate", "accepted"));
        if (letGo > 0)
        {
            ItemCount.Add(letGo, new("signal", signal), new("fate", "let_go"));
        }

        if (rejected > 0)
        {
            ItemCount.Add(rejected, new("signal", signal), new("fate", "rejected"));
            RejectedCount.Add(rejected, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    /// <summary>Reports the bytes of a Collector's requests while it lives.</summary>
    public static void ObserveInFlight(Receive.InFlightBudget budget) =>
        TelemetryMeter.Meter.CreateObservableGauge("telemetry.collector.in_flight", () => budget.Bytes, "By");
}
