namespace Telemetry.Judge.Sample;

/// <summary>A window that was sampled.</summary>
/// <param name="From">Its start.</param>
/// <param name="To">Its end.</param>
/// <param name="Calls">Calls that a rule fits.</param>
/// <param name="Requests">Judgements that it led to.</param>
/// <param name="Pressure">What the budget left of what the rules ask for; 1 when all.</param>
internal sealed record SampledWindow(DateTimeOffset From, DateTimeOffset To, long Calls, long Requests, double Pressure);
