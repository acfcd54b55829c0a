namespace Telemetry.Quality.Compare;

/// <summary>Where a true value lies, at the level that was asked for.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Nothing is known.</summary>
    public static Interval Unknown => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The same interval seen from the other side.</summary>
    public static Interval operator -(Interval interval) => Negate(interval);

    /// <summary>The same interval seen from the other side.</summary>
    public static Interval Negate(Interval interval) => new(-interval.High, -interval.Low);
}
