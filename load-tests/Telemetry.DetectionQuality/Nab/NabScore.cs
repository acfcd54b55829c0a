namespace Telemetry.DetectionQuality.Nab;

/// <summary>The score of a corpus.</summary>
/// <param name="Score">0 for a detector that reports nothing, 100 for a perfect one.</param>
/// <param name="Threshold">The one threshold for all series; rows that reach it are detections.</param>
/// <param name="Found">Windows with a detection.</param>
/// <param name="Windows">Windows that are scored.</param>
/// <param name="FalsePositives">Detections outside of windows.</param>
internal sealed record NabScore(double Score, double Threshold, int Found, int Windows, int FalsePositives);
