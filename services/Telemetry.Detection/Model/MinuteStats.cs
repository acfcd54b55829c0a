namespace Telemetry.Detection.Model;

/// <summary>One key's minute, as the rollups tell it. Quantiles are of calls without error and NaN without any.</summary>
internal sealed record MinuteStats
{
    public required ulong Key { get; init; }

    public required long Minute { get; init; }

    public required long Calls { get; init; }

    public long Errors { get; init; }

    public long Refused { get; init; }

    public long Length { get; init; }

    public long WithUsage { get; init; }

    public long InputTokens { get; init; }

    public long CachedTokens { get; init; }

    public long OutputTokens { get; init; }

    public long Priced { get; init; }

    public double CostUsd { get; init; }

    public long WithTtft { get; init; }

    public double TtftP50 { get; init; } = double.NaN;

    public double TtftP95 { get; init; } = double.NaN;

    public double LatencyP50 { get; init; } = double.NaN;

    public double LatencyP95 { get; init; } = double.NaN;

    public double TokensPerSecond { get; init; } = double.NaN;

    /// <summary>A minute without calls.</summary>
    public static MinuteStats None(ulong key, long minute) => new() { Key = key, Minute = minute, Calls = 0 };

    /// <summary>What a metric says: events or value, NaN when it says nothing, and the calls that it is of.</summary>
    public (double Value, double Calls) Of(Metric metric) => metric switch
    {
        Metric.RequestRate => (Calls, Calls),
        Metric.ErrorRate => Share(Errors),
        Metric.RefusalRate => Share(Refused),
        Metric.LengthRate => Share(Length),
        Metric.CacheHitRate => InputTokens > 0 ? ((double)CachedTokens / InputTokens, WithUsage) : Nothing,
        Metric.TtftP50 => Size(TtftP50, WithTtft),
        Metric.TtftP95 => Size(TtftP95, WithTtft),
        Metric.LatencyP50 => Size(LatencyP50, Calls - Errors),
        Metric.LatencyP95 => Size(LatencyP95, Calls - Errors),
        Metric.TokensPerSecond => Size(TokensPerSecond, Calls - Errors),
        Metric.InputTokens => Mean(InputTokens, WithUsage),
        Metric.OutputTokens => Mean(OutputTokens, WithUsage),
        Metric.CostPerRequest => Mean(CostUsd, Priced),
        Metric.SpendRate => Size(CostUsd, Priced),
        _ => Nothing,
    };

    private static (double Value, double Calls) Nothing => (double.NaN, 0);

    private (double Value, double Calls) Share(long events) => Calls > 0 ? (Math.Clamp(events, 0, Calls), Calls) : Nothing;

    private static (double Value, double Calls) Size(double value, long calls) => calls > 0 && value > 0 ? (value, calls) : Nothing;

    private static (double Value, double Calls) Mean(double sum, long calls) => calls > 0 && sum > 0 ? (sum / calls, calls) : Nothing;
}
