using System.ComponentModel.DataAnnotations;

namespace Telemetry.Hosting.Process;

/// <summary>What every process has, section <c>Telemetry:Service</c>.</summary>
public sealed class ServiceOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Telemetry:Service";

    /// <summary>How long a stop may take (SIGTERM, SIGINT) before the process ends all the same. What was accepted stays in the span log.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Log lines for people (Text) or one JSON object a line (Json).</summary>
    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromHours(1))
        {
            yield return new ValidationResult("allowed: 00:00:01 to 01:00:00", [nameof(ShutdownTimeout)]);
        }
    }
}

/// <summary>Shape of log lines.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line, for log collectors.</summary>
    Json,
}
