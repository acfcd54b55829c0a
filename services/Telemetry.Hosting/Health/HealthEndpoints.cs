using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Health;

/// <summary><c>/healthz</c> (the process lives) and <c>/readyz</c> (it can do its work; otherwise 503 with every reason; figures such as the lag of each partition either way).</summary>
public static class HealthEndpoints
{
    /// <summary>Maps both endpoints.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints, IReadOnlyList<IReadinessCheck> checks)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok\n"));
        endpoints.MapGet("/readyz", () =>
        {
            var states = checks.Select(c => (c.Name, Reason: c.NotReadyReason())).ToList();
            bool ready = states.TrueForAll(s => s.Reason is null);
            return Results.Json(
                new ReadinessAnswer(
                    ready,
                    states.ToDictionary(s => s.Name, s => s.Reason ?? "ok"),
                    checks.Select(c => (c.Name, c.Figures)).Where(c => c.Figures.Count > 0).ToDictionary(c => c.Name, c => c.Figures)),
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }

    /// <summary>Maps <c>/metrics</c> for Prometheus: the metrics of the process, and what its parts add.</summary>
    internal static void MapMetrics(this IEndpointRouteBuilder endpoints, PrometheusPage page, IReadOnlyList<IMetricsPart> parts) => endpoints.MapGet("/metrics", async (HttpContext context) =>
    {
        if (page.Read() is not { } text)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        foreach (IMetricsPart part in parts)
        {
            text += await part.ReadMetricsAsync(context.RequestAborted);
        }

        return Results.Text(text, PrometheusPage.ContentType);
    });

    private sealed record ReadinessAnswer(
        bool Ready, IReadOnlyDictionary<string, string> Checks, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long?>> Figures);
}
