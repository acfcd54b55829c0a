namespace Telemetry.Detection.Compare;

/// <summary>What was usual in an hour.</summary>
/// <param name="Hour">Hours since 1970.</param>
/// <param name="Median">Of its minutes; one fault of some minutes does not move it.</param>
/// <param name="Mean">Of its minutes.</param>
internal readonly record struct HourOfMinutes(long Hour, double Median, double Mean)
{
    private const double Few = 20;

    /// <summary>Whether its minutes have so few events that their median is far from their mean.</summary>
    public bool IsSparse => Mean < Few;
}
