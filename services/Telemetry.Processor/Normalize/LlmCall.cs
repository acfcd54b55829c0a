using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Normalize;

/// <summary>Where token counts come from; the values of the column <c>tokens_source</c>.</summary>
internal enum TokensSource : sbyte
{
    /// <summary>Nobody reported them.</summary>
    Unknown = 0,

    /// <summary>The span carries them.</summary>
    Reported = 1,

    /// <summary>Counted by us.</summary>
    Estimated = 2,
}

/// <summary>
/// What a span means, in one vocabulary for all dialects. Texts are slices of the record; empty means not reported. For a span that is no billable
/// call, only the dimensions are of use. Reused from batch to batch.
/// </summary>
internal sealed class LlmCall
{
    /// <summary>The dialect that was recognised; empty when none was.</summary>
    public string Convention { get; set; } = "";

    /// <summary>What the span is to the bill.</summary>
    public SpanRole Role { get; set; }

    /// <summary>Why the span is not a billable call; empty for a call.</summary>
    public string NotBilledBecause { get; set; } = "";

    /// <summary>OpenTelemetry provider name.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The model asked for.</summary>
    public string ModelRequested { get; set; } = "";

    /// <summary>The model that answered.</summary>
    public string ModelAnswered { get; set; } = "";

    /// <summary>chat, text_completion, generate_content, embeddings; or the operation of a span that is no call.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Whether the answer was streamed; null when the span does not say.</summary>
    public bool? Stream { get; set; }

    /// <summary>Whether it ended in error.</summary>
    public bool IsError { get; set; }

    /// <summary>What kind of error.</summary>
    public ReadOnlyMemory<byte> ErrorType { get; set; }

    /// <summary>One reason for each choice.</summary>
    public List<ReadOnlyMemory<byte>> FinishReasons { get; } = [];

    /// <summary>The provider's id of the response.</summary>
    public ReadOnlyMemory<byte> ResponseId { get; set; }

    /// <summary>Prompt name.</summary>
    public ReadOnlyMemory<byte> PromptName { get; set; }

    /// <summary>Prompt version.</summary>
    public ReadOnlyMemory<byte> PromptVersion { get; set; }

    /// <summary>Session or conversation.</summary>
    public ReadOnlyMemory<byte> SessionId { get; set; }

    /// <summary>User.</summary>
    public ReadOnlyMemory<byte> UserId { get; set; }

    /// <summary>Agent name.</summary>
    public ReadOnlyMemory<byte> AgentName { get; set; }

    /// <summary>Workflow name.</summary>
    public ReadOnlyMemory<byte> WorkflowName { get; set; }

    /// <summary>Tool name.</summary>
    public ReadOnlyMemory<byte> ToolName { get; set; }

    /// <summary>Id of the tool call that the span carries out.</summary>
    public ReadOnlyMemory<byte> ToolCallId { get; set; }

    /// <summary>Labels that the app put on the call.</summary>
    public List<ReadOnlyMemory<byte>> Labels { get; } = [];

    /// <summary>A JSON object of metadata that the app put on the call.</summary>
    public AttributeValue Metadata { get; set; }

    /// <summary>The provider's service tier.</summary>
    public string ServiceTier { get; set; } = "";

    /// <summary>What was used. A field, since a property would copy all of it for each number that is read.</summary>
    public TokenUsage Usage;

    /// <summary>How the reported counts were brought to one meaning, one of <c>UsageReadings</c>; empty when nothing was reported.</summary>
    public string UsageReading { get; set; } = "";

    /// <summary>Web searches that the provider ran and charges for; null when not reported.</summary>
    public long? WebSearches { get; set; }

    /// <summary>Where <see cref="Usage"/> comes from.</summary>
    public TokensSource TokensSource { get; set; }

    /// <summary>Time to first token in milliseconds as the span tells it; not checked yet.</summary>
    public double? ReportedTtftMilliseconds { get; set; }

    /// <summary>The attribute or event that <see cref="ReportedTtftMilliseconds"/> comes from.</summary>
    public string TtftSource { get; set; } = "";

    /// <summary>What the app itself says that the call cost, US dollars.</summary>
    public decimal? ReportedCostUsd { get; set; }

    /// <summary>What was said.</summary>
    public CallContent Content { get; } = new();

    /// <summary>What was noticed.</summary>
    public List<string> Flags { get; } = [];

    /// <summary>What screening found; each is among <see cref="Flags"/> too.</summary>
    public List<ScreenHit> Hits { get; } = [];

    /// <summary>What it cost; a field for the same reason.</summary>
    public PricedCall Price;

    /// <summary>Version of the price book that priced it.</summary>
    public string PriceVersion { get; set; } = "";

    /// <summary>Start in nanoseconds since 1970, fit for the column.</summary>
    public long StartNanoseconds { get; set; }

    /// <summary>Milliseconds; null when the end lies before the start.</summary>
    public double? DurationMilliseconds { get; set; }

    /// <summary>Milliseconds; null without evidence.</summary>
    public double? TtftMilliseconds { get; set; }

    /// <summary>Output tokens a second after the first token.</summary>
    public double? TokensPerSecond { get; set; }

    /// <summary>Output tokens a second over the whole duration.</summary>
    public double? TokensPerSecondTotal { get; set; }

    /// <summary>Milliseconds for each output token after the first.</summary>
    public double? MillisecondsPerOutputToken { get; set; }

    /// <summary>Notes something once.</summary>
    public void Flag(string flag)
    {
        if (!Flags.Contains(flag))
        {
            Flags.Add(flag);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Role = SpanRole.Other;
        UsageReading = "";
        WebSearches = null;
        Labels.Clear();
        Metadata = default;
        ToolCallId = default;
        Convention = NotBilledBecause = Provider = ModelRequested = ModelAnswered = Operation = ServiceTier = TtftSource = PriceVersion = "";
        ErrorType = ResponseId = PromptName = PromptVersion = SessionId = UserId = AgentName = WorkflowName = ToolName = default;
        Stream = null;
        IsError = false;
        FinishReasons.Clear();
        Flags.Clear();
        Hits.Clear();
        Usage = default;
        TokensSource = TokensSource.Unknown;
        ReportedCostUsd = null;
        ReportedTtftMilliseconds = DurationMilliseconds = TtftMilliseconds = TokensPerSecond = TokensPerSecondTotal = MillisecondsPerOutputToken = null;
        StartNanoseconds = 0;
        Price = default;
        Content.Clear();
    }
}
