using System.Diagnostics.Metrics;
using Telemetry.Hosting.Observability;

namespace Telemetry.Console.Api;

/// <summary>What the API tells of itself; the table of names stands in <c>docs/operations.md</c>.</summary>
internal static class ApiMetrics
{
    private static readonly Counter<long> s_requests =
        TelemetryMeter.Meter.CreateCounter<long>("telemetry.console.requests", "{request}", "Requests to the API, by route and HTTP status.");

    private static readonly Histogram<double> s_duration =
        TelemetryMeter.Meter.CreateHistogram<double>("telemetry.console.request.duration", "s", "Time from a request to the end of its answer, by route.");

    /// <summary>Counts an answer. The route is that of the list, never the path of the request: there are as many as the list has.</summary>
    public static void Answered(ApiRoute route, int status, TimeSpan took)
    {
        s_requests.Add(1, new("route", route.Id), new("status", status));
        s_duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("route", route.Id));
    }
}
