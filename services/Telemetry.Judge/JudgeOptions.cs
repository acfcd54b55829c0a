using System.ComponentModel.DataAnnotations;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge;

/// <summary>Which answers are judged, by whom, and for how much. Section <see cref="Section"/>.</summary>
public sealed class JudgeOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Judge";

    /// <summary>The model that judges; without a URL nothing is sampled and nothing is asked.</summary>
    public JudgeEndpointOptions Endpoint { get; } = new();

    /// <summary>US dollars that a day (UTC) may cost at most. What a request can cost at most is set aside before it is sent, so a day never costs more, whatever is killed.</summary>
    [Range(0.0, 1_000_000.0, ErrorMessage = "allowed: 0 to 1000000")]
    public decimal BudgetUsdPerDay { get; set; } = 5;

    /// <summary>File of the sampling rules; the shipped one when empty. Changes are picked up while running.</summary>
    public string SamplingPath { get; set; } = "";

    /// <summary>Directory, or single file, of rubrics laid over the shipped ones: a rubric replaces the one of the same name. None when empty.</summary>
    public string RubricsPath { get; set; } = "";

    /// <summary>Text that the places of traces are drawn from. Instances must agree on it; a secret one keeps callers from choosing trace ids that are never judged.</summary>
    [Required(ErrorMessage = "allowed: any text")]
    public string SamplingKey { get; set; } = "telemetry";

    /// <summary>How long after its end a minute is sampled, so that its messages are there.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "allowed: 00:00:00 to 00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How far back minutes are still sampled after a time in which nobody did.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "allowed: 00:01:00 to 1.00:00:00")]
    public TimeSpan CatchUp { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a sampled call waits for its judgement at most; then it is given up, and told as expired.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "6.00:00:00", ErrorMessage = "allowed: 00:01:00 to 6.00:00:00, for messages are kept for 7 days")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How much faster than evenly over the rest of the day the budget may be spent, to follow the traffic of a day.</summary>
    [Range(1.0, 100.0, ErrorMessage = "allowed: 1 to 100")]
    public double Burst { get; set; } = 4;

    /// <summary>Collector (base URL of OTLP/HTTP, for example http://collector:4318) that gets the judge's own calls and its scores as events. AllInOne sends to its own when empty.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>File with the ingest key that this Collector asks for; none when empty. Read anew for each export.</summary>
    public string OtlpKeyFile { get; set; } = "";

    /// <summary>Directory of the price files that tell what the judge model costs; the ones shipped with the program when empty. In AllInOne the Processor's are used.</summary>
    public string PricesPath { get; set; } = "";

    /// <summary>Price file, or directory of price files, laid over them; none when empty.</summary>
    public string PricesOverridePath { get; set; } = "";

    /// <summary>How long an instance may be silent before another one takes over.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ErrorMessage = "allowed: 00:00:05 to 00:05:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Name of this instance in logs and tables; machine and process when empty.</summary>
    public string Instance { get; set; } = "";

    /// <summary>Whether anything is judged.</summary>
    internal bool IsOn => Endpoint.IsSet;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint.Length > 0 && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
        {
            yield return new ValidationResult("allowed: an http or https URL, or nothing", [nameof(OtlpEndpoint)]);
        }
    }
}
