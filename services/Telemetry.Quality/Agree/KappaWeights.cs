namespace Telemetry.Quality.Agree;

/// <summary>How much credit two raters get who differ.</summary>
public enum KappaWeights
{
    /// <summary>None: for categories without an order. Cohen's kappa.</summary>
    Nominal,

    /// <summary>Less in proportion to the distance.</summary>
    Linear,

    /// <summary>Less by the square of the distance: for scales. Compares with an intraclass correlation (Fleiss, Cohen 1973).</summary>
    Quadratic,
}
