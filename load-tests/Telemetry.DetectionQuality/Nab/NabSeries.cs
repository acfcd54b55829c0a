namespace Telemetry.DetectionQuality.Nab;

/// <summary>One labelled series of the benchmark.</summary>
/// <param name="Name">Path below <c>data</c>.</param>
/// <param name="Times">Time of each row.</param>
/// <param name="Values">Value of each row.</param>
/// <param name="Windows">First and last row of each labelled window, in order.</param>
internal sealed record NabSeries(string Name, DateTime[] Times, double[] Values, IReadOnlyList<(int First, int Last)> Windows);
