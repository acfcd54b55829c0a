using Telemetry.Detection.Model;

namespace Telemetry.Detection.Read;

/// <summary>What was usual in an hour of a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Hour">Hours since 1970.</param>
/// <param name="Values">By metric; those without data are left out.</param>
internal sealed record HourStats(ulong Key, long Hour, IReadOnlyList<(Metric Metric, double Value)> Values);
