namespace Telemetry.Hosting.Health;

/// <summary>What a part adds to <c>/metrics</c> beside the metrics of the process.</summary>
public interface IMetricsPart
{
    /// <summary>Families in Prometheus' text format 0.0.4, each line ended; names that no other part has. Never throws for what is not there: it says so in a metric.</summary>
    Task<string> ReadMetricsAsync(CancellationToken cancellationToken);
}
