namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>How one instrumentation writes the spans of an agent's trace.</summary>
internal interface IDialect
{
    /// <summary>Instrumentation scope.</summary>
    string ScopeName { get; }

    /// <summary>Its version.</summary>
    string ScopeVersion { get; }

    /// <summary>The root: an agent that made calls.</summary>
    SpanText Agent(CallFacts facts, int calls);

    /// <summary>One billable call.</summary>
    SpanText Call(CallFacts facts);

    /// <summary>A tool that the model asked for.</summary>
    SpanText Tool(CallFacts facts);
}

/// <summary>What a call was, whoever reports it.</summary>
internal sealed record CallFacts
{
    /// <summary>Tokens that an agent's span reports for each of its calls.</summary>
    public const long InputTokensOfAgent = 5500;

    /// <summary>Tokens that an agent's span reports for each of its calls.</summary>
    public const long OutputTokensOfAgent = 560;

    /// <summary>What every session id begins with.</summary>
    public const string SessionPrefix = "s-";

    /// <summary>Why the model stopped.</summary>
    public static readonly string[] FinishReasons = ["stop"];

    /// <summary>Provider and model.</summary>
    public required Model Model { get; init; }

    /// <summary>What the user asks; empty when content is not recorded.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What the model answers; empty when content is not recorded.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Time to first token.</summary>
    public double FirstTokenSeconds { get; init; }

    /// <summary>Tool name.</summary>
    public string ToolName { get; init; } = "";

    /// <summary>Session id: by it a stored call is told to be of this request.</summary>
    public static string Session => SessionPrefix + Slots.Request;

    /// <summary>Name of the prompt template.</summary>
    public static string PromptName => $"p-{Slots.Prompt}";

    /// <summary>Provider's id of the response.</summary>
    public static string ResponseId => $"r-{Slots.Unique}";

    /// <summary>Whether messages are recorded.</summary>
    public bool HasContent => Prompt.Length > 0;
}
