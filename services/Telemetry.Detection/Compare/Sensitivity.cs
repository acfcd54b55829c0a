namespace Telemetry.Detection.Compare;

/// <summary>When a deviation is an anomaly.</summary>
/// <param name="OpenAt">Calibrated standard deviations that open one.</param>
/// <param name="SingleMinute">Factor on that for a single minute.</param>
/// <param name="CloseAt">Standard deviations below which it is over.</param>
/// <param name="TailMargin">How far a deviation must exceed the largest ones of ordinary times.</param>
/// <param name="FirstMinutes">Minutes to learn before anything is told.</param>
/// <param name="AcceptAfter">Minutes after which a lasting change is taken for the new normal.</param>
internal sealed record Sensitivity(double OpenAt = 5.5, double SingleMinute = 1.4, double CloseAt = 3, double TailMargin = 1.25, int FirstMinutes = 60, int AcceptAfter = 360);
