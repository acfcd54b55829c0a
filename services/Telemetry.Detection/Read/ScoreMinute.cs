namespace Telemetry.Detection.Read;

/// <summary>One score of a service in a minute.</summary>
internal sealed record ScoreMinute(string Service, string Name, long Minute, double Mean, long Judged);
