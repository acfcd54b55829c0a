using Telemetry.Detection.Model;

namespace Telemetry.Detection.Track;

/// <summary>How bad an anomaly is; the numbers of <c>llm_anomalies</c>.</summary>
internal enum Severity
{
    Info = 1,
    Warning = 2,
    Critical = 3,
}

/// <summary>What an anomaly is of.</summary>
/// <param name="Key">The key.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Subject">Name of the score, the new model or the new type of error; empty otherwise.</param>
/// <param name="Up">Which way it deviates.</param>
internal sealed record AnomalyTopic(MetricKey Key, string Metric, string Subject, bool Up);

/// <summary>One row of <c>llm_anomalies</c>.</summary>
internal sealed record Anomaly
{
    public required string Id { get; init; }

    public required uint Revision { get; init; }

    public required AnomalyTopic Topic { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>Start of the first window that stood out, in minutes since 1970, as the other times.</summary>
    public required long OpenedAt { get; init; }

    public required long LastAt { get; init; }

    public long? ClosedAt { get; init; }

    public required string Kind { get; init; }

    public required Severity Severity { get; init; }

    public string Unit { get; init; } = "";

    public double? Observed { get; init; }

    public double? Expected { get; init; }

    public double? RangeLow { get; init; }

    public double? RangeHigh { get; init; }

    public double Score { get; init; }

    public int WindowMinutes { get; init; }

    public long Calls { get; init; }

    public IReadOnlyList<string> Exemplars { get; init; } = [];

    public required string Why { get; init; }
}
