namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>What one key's series gave.</summary>
/// <param name="Outcomes">Every fault.</param>
/// <param name="FalseAlarms">Alarms without a fault.</param>
/// <param name="OracleFalseAlarms">Alarms of the oracles without a fault.</param>
/// <param name="Weeks">Weeks that were watched, without the minutes of faults and what follows them.</param>
internal sealed record KeyResult(IReadOnlyList<FaultOutcome> Outcomes, IReadOnlyList<FalseAlarm> FalseAlarms, int OracleFalseAlarms, double Weeks);
