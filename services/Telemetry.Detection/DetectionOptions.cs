using System.ComponentModel.DataAnnotations;

namespace Telemetry.Detection;

/// <summary>How anomalies are detected. Section <see cref="Section"/>.</summary>
public sealed class DetectionOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Detection";

    /// <summary>Whether anomalies are looked for at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long after its end a minute is closed, counted on the Processors' progress: calls are exported some seconds after they end.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "allowed: 00:00:00 to 00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long minutes wait for a Processor that does not get on. After that they are looked at as they are, without the metrics that an incomplete minute
    /// falsifies: request rate and spend rate.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "allowed: 00:01:00 to 1.00:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most keys that are watched, over all scopes; the most active ones of the last day first. About 60 KB of memory each.</summary>
    [Range(1, 20_000, ErrorMessage = "allowed: 1 to 20000")]
    public int MaxKeys { get; set; } = 500;

    /// <summary>Calibrated standard deviations that open an anomaly. Lower is more sensitive and less quiet; docs/anomaly-detection.md has both measured.</summary>
    [Range(3.0, 20.0, ErrorMessage = "allowed: 3 to 20")]
    public double OpenAt { get; set; } = 5.4;

    /// <summary>Minutes with data that a series must have before anything is said of it.</summary>
    [Range(5, 10_080, ErrorMessage = "allowed: 5 to 10080")]
    public int FirstMinutes { get; set; } = 60;

    /// <summary>After how long a lasting change is taken for the new normal, which closes its anomaly.</summary>
    [Range(typeof(TimeSpan), "00:30:00", "7.00:00:00", ErrorMessage = "allowed: 00:30:00 to 7.00:00:00")]
    public TimeSpan AcceptAfter { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Days of history that the seasonal baseline is rebuilt from at the start.</summary>
    [Range(0, 30, ErrorMessage = "allowed: 0 to 30")]
    public int HistoryDays { get; set; } = 28;

    /// <summary>How far back minutes are looked at again after a start, so that what happened while nobody looked is recorded.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00", ErrorMessage = "allowed: 00:05:00 to 1.00:00:00")]
    public TimeSpan CatchUp { get; set; } = TimeSpan.FromHours(1);
}
