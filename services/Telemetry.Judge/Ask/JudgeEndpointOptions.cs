using System.ComponentModel.DataAnnotations;

namespace Telemetry.Judge.Ask;

/// <summary>The model that judges: any endpoint that speaks OpenAI's chat completions.</summary>
public sealed class JudgeEndpointOptions : IValidatableObject
{
    /// <summary>Base URL, for example https://api.openai.com/v1 or http://127.0.0.1:8000/v1 of a vLLM. Nothing is judged while it is empty.</summary>
    public string Url { get; set; } = "";

    /// <summary>Model to ask for, as the endpoint calls it.</summary>
    public string Model { get; set; } = "";

    /// <summary>Provider as price files name it, for example openai.</summary>
    public string Provider { get; set; } = "openai";

    /// <summary>File that holds the API key and nothing else; wins over the variable.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>Environment variable that holds the API key. Keys stand neither in settings nor on command lines.</summary>
    public string ApiKeyVariable { get; set; } = "TELEMETRY_JUDGE_API_KEY";

    /// <summary>Whether the endpoint may be on this machine or in a private network.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>How the endpoint is told to answer: JsonSchema where it can be held to a schema, JsonObject, or None. The answer is checked against the schema either way.</summary>
    public JudgeAnswerFormat AnswerFormat { get; set; } = JudgeAnswerFormat.JsonSchema;

    /// <summary>Longest time for one answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "allowed: 00:00:00.1 to 00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a request is sent at most when the endpoint fails, times out or says that it is too busy.</summary>
    [Range(1, 10, ErrorMessage = "allowed: 1 to 10")]
    public int MaxTries { get; set; } = 3;

    /// <summary>How many requests are under way at once at most.</summary>
    [Range(1, 256, ErrorMessage = "allowed: 1 to 256")]
    public int Concurrency { get; set; } = 4;

    /// <summary>How many requests are begun within any 60 seconds at most, retries included.</summary>
    [Range(1, 100_000, ErrorMessage = "allowed: 1 to 100000")]
    public int RequestsPerMinute { get; set; } = 60;

    /// <summary>Most tokens of an answer, reasoning included; bounds what a request can cost.</summary>
    [Range(50, 100_000, ErrorMessage = "allowed: 50 to 100000")]
    public int MaxOutputTokens { get; set; } = 1000;

    /// <summary>Most characters of each judged text; of longer ones head and tail are judged.</summary>
    [Range(200, 1_000_000, ErrorMessage = "allowed: 200 to 1000000")]
    public int LongestText { get; set; } = 20_000;

    /// <summary>Sampling temperature; not sent when empty, as models that reason want it.</summary>
    [Range(0.0, 2.0, ErrorMessage = "allowed: 0 to 2")]
    public double? Temperature { get; set; } = 0;

    /// <summary>US dollars for a million input tokens, instead of the price files; 0 for a model of one's own.</summary>
    [Range(0.0, 10_000.0, ErrorMessage = "allowed: 0 to 10000")]
    public decimal? InputUsdPerMillion { get; set; }

    /// <summary>US dollars for a million output tokens, instead of the price files.</summary>
    [Range(0.0, 10_000.0, ErrorMessage = "allowed: 0 to 10000")]
    public decimal? OutputUsdPerMillion { get; set; }

    /// <summary>Whether an endpoint is named.</summary>
    internal bool IsSet => Url.Length > 0;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsSet && !(Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0))
        {
            yield return new ValidationResult("allowed: an http or https URL without user, password and query", [nameof(Url)]);
        }

        if (IsSet && Model.Length == 0)
        {
            yield return new ValidationResult("allowed: the name of a model, since Url is set", [nameof(Model)]);
        }

        if (InputUsdPerMillion is null != OutputUsdPerMillion is null)
        {
            yield return new ValidationResult("InputUsdPerMillion and OutputUsdPerMillion go together", [nameof(InputUsdPerMillion)]);
        }
    }
}
