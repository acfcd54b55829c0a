namespace Telemetry.Detection.Compare;

/// <summary>A window against what was expected of it.</summary>
/// <param name="Z">Standard deviations, before calibration; positive above.</param>
/// <param name="Observed">In the metric's unit.</param>
/// <param name="Expected">In the metric's unit.</param>
/// <param name="Deviation">One standard deviation on the scale that <see cref="Effect"/> is measured on.</param>
/// <param name="Effect">Difference on the family's own scale: of logarithms (count, size) or of values.</param>
/// <param name="IsLogarithmic">Whether that scale is logarithmic.</param>
internal readonly record struct Comparison(double Z, double Observed, double Expected, double Deviation, double Effect, bool IsLogarithmic)
{
    /// <summary>Nothing to compare.</summary>
    public static Comparison None => default;

    /// <summary>The value that lies a number of standard deviations from what was expected.</summary>
    public double At(double deviations) => IsLogarithmic ? Expected * Math.Exp(deviations * Deviation) : Expected + (deviations * Deviation);
}
