using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>Gauges over the open engine; zero when none is open.</summary>
internal static class EngineMetrics
{
    private static EngineHost? s_host;

    private static readonly ObservableGauge<int> s_queries = TelemetryMeter.Meter.CreateObservableGauge(
        "telemetry.clickhouse.queries.running", () => Volatile.Read(ref s_host)?.Queries.Running ?? 0, "{query}", "Queries that the embedded engine runs now");

    private static readonly ObservableGauge<int> s_inserts = TelemetryMeter.Meter.CreateObservableGauge(
        "telemetry.clickhouse.inserts.running", () => Volatile.Read(ref s_host)?.Inserts.Running ?? 0, "{insert}", "Inserts that the embedded engine runs now");

    internal static void Observe(EngineHost host)
    {
        _ = s_queries;
        _ = s_inserts;
        Volatile.Write(ref s_host, host);
    }

    internal static void Forget(EngineHost host) => Interlocked.CompareExchange(ref s_host, null, host);
}
