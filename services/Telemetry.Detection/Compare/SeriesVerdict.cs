namespace Telemetry.Detection.Compare;

/// <summary>What became of a series with a minute.</summary>
internal enum SeriesChange
{
    /// <summary>Nothing stands out.</summary>
    None,

    /// <summary>An anomaly begins.</summary>
    Opened,

    /// <summary>It goes on.</summary>
    Continues,

    /// <summary>It is over.</summary>
    Closed,

    /// <summary>It has lasted so long that it is the new normal.</summary>
    Accepted,
}

/// <summary>What a detector says of a minute.</summary>
/// <param name="Change">What became of the series.</param>
/// <param name="Up">Which way it deviates.</param>
/// <param name="Minutes">Length of the window that says it, in minutes.</param>
/// <param name="Score">Calibrated standard deviations, at least 0.</param>
/// <param name="Threshold">What the score must exceed.</param>
/// <param name="Scale">By how much the comparison's standard deviation was widened.</param>
/// <param name="Window">The window.</param>
/// <param name="Comparison">The window against what is usual.</param>
internal readonly record struct SeriesVerdict(
    SeriesChange Change, bool Up, int Minutes, double Score, double Threshold, double Scale, Slot Window, Comparison Comparison)
{
    /// <summary>Nothing stands out.</summary>
    public static SeriesVerdict None => default;
}
