namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>One key's traffic in ordinary times.</summary>
/// <param name="Name">For the report.</param>
/// <param name="CallsPerMinute">Mean over the week.</param>
/// <param name="DailySwing">How much of it comes and goes with the hour of the day; 0 to 1.</param>
/// <param name="WeekendShare">Share of it that is left on Saturday and Sunday.</param>
/// <param name="Wander">Standard deviation of the slow random walk of logarithmic rates.</param>
/// <param name="Burst">Probability that a minute has half as many calls more, for no reason.</param>
internal sealed record TrafficShape(string Name, double CallsPerMinute, double DailySwing, double WeekendShare, double Wander, double Burst)
{
    public const double LatencyMs = 2500;
    public const double LatencySpread = 0.5;
    public const double FirstTokenMs = 420;
    public const double FirstTokenSpread = 0.45;
    public const double OutputTokens = 260;
    public const double OutputSpread = 0.8;
    public const double InputTokens = 900;
    public const double InputSpread = 0.7;
    public const double ErrorShare = 0.015;
    public const double RefusalShare = 0.008;
    public const double LengthShare = 0.03;
    public const double CachedShare = 0.55;
    public const double CachedSpread = 0.3;
    public const double ScoreMean = 0.82;
    public const double ScoreSpread = 0.18;
    public const double JudgedShare = 0.2;

    /// <summary>The shapes that are measured.</summary>
    public static IReadOnlyList<TrafficShape> All { get; } =
    [
        new("busy, flat", 600, 0.1, 1, 0.03, 0),
        new("busy, seasonal", 600, 0.7, 0.4, 0.05, 0),
        new("busy, noisy", 400, 0.5, 0.6, 0.15, 0.005),
        new("medium, flat", 60, 0.1, 1, 0.03, 0),
        new("medium, seasonal", 60, 0.7, 0.4, 0.05, 0),
        new("medium, noisy", 40, 0.5, 0.6, 0.15, 0.005),
        new("sparse, flat", 3, 0.1, 1, 0.03, 0),
        new("sparse, seasonal", 4, 0.7, 0.3, 0.05, 0),
        new("very sparse", 0.3, 0.5, 0.5, 0.05, 0),
    ];

    /// <summary>Expected calls in a minute, without the random part.</summary>
    public double Rate(long minute)
    {
        // 1970 began on a Thursday.
        double hour = minute / 60.0 % 24;
        long weekday = ((minute / 1440) + 4) % 7;
        double day = 1 + (DailySwing * Math.Sin((hour - 9) / 24 * 2 * Math.PI));
        double weekend = weekday is 0 or 6 ? WeekendShare : 1;
        return CallsPerMinute * day * weekend;
    }
}
