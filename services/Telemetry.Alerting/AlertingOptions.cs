using System.ComponentModel.DataAnnotations;

namespace Telemetry.Alerting;

/// <summary>Which rules are evaluated how often, and where people hear of it. Section <see cref="Section"/>.</summary>
public sealed class AlertingOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Alerting";

    /// <summary>Whether AllInOne evaluates rules.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Directory of rule files; the ones shipped with the program when empty. Changes are picked up while running.</summary>
    public string RulesPath { get; set; } = "";

    /// <summary>Rule file, or directory of rule files, laid over the others: a rule replaces the one of the same name. None when empty.</summary>
    public string RulesOverridePath { get; set; } = "";

    /// <summary>File of the channels that are notified; without one, notifications go to the log. Changes are picked up while running.</summary>
    public string ChannelsPath { get; set; } = "";

    /// <summary>How often the rules are evaluated.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan EvaluateEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an instance may be silent before another one takes over; the takeover is done some seconds later.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ErrorMessage = "allowed: 00:00:05 to 00:05:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How far the pipeline may be behind before rules about calls stay as they are, because what is missing may still come.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00", ErrorMessage = "allowed: 00:00:05 to 01:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Link to an incident, with {incident} for its id; none when empty.</summary>
    public string IncidentLink { get; set; } = "";

    /// <summary>Link to a trace, with {trace} for its id; none when empty.</summary>
    public string TraceLink { get; set; } = "";

    /// <summary>Name of this instance in logs and tables; machine and process when empty.</summary>
    public string Instance { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach ((string name, string value) in new[] { (nameof(IncidentLink), IncidentLink), (nameof(TraceLink), TraceLink) })
        {
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out Uri? link) && link.Scheme is "http" or "https"))
            {
                yield return new ValidationResult("allowed: an http or https link, or nothing", [name]);
            }
        }
    }
}
