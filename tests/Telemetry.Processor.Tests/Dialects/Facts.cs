using System.Text;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Dialects;

/// <summary>What a span is to the bill; the Processor's own names.</summary>
public enum Role
{
    Other,
    Call,
    Wrapper,
    ServerCall,
}

/// <summary>All that is read from one span, to be compared whole: what a test does not name must not be told.</summary>
internal sealed record Facts
{
    public string Convention { get; init; } = "";

    public Role Role { get; init; } = Role.Call;

    public string Provider { get; init; } = "";

    public string Requested { get; init; } = "";

    public string Answered { get; init; } = "";

    public string Operation { get; init; } = "";

    public bool? Stream { get; init; }

    public TokenUsage Usage { get; init; }

    public string Reading { get; init; } = "";

    public double? Ttft { get; init; }

    public string TtftSource { get; init; } = "";

    public string Finish { get; init; } = "";

    /// <summary>The error's type; null for no error.</summary>
    public string? Error { get; init; }

    public string ResponseId { get; init; } = "";

    public string Session { get; init; } = "";

    public string User { get; init; } = "";

    public string Prompt { get; init; } = "";

    public string Agent { get; init; } = "";

    public string Workflow { get; init; } = "";

    public string Tool { get; init; } = "";

    public string ToolCallId { get; init; } = "";

    public string Labels { get; init; } = "";

    public string Metadata { get; init; } = "";

    public string Tier { get; init; } = "";

    public decimal? Cost { get; init; }

    public long? WebSearches { get; init; }

    public string Flags { get; init; } = "";

    public static Facts Of(SpanItem item)
    {
        LlmCall call = item.Call;
        Assert.Equal(call.Role is SpanRole.Call or SpanRole.ServerCall, item.IsCall);
        return new Facts
        {
            Convention = call.Convention,
            Role = Enum.Parse<Role>(call.Role.ToString()),
            Provider = call.Provider,
            Requested = call.ModelRequested,
            Answered = call.ModelAnswered,
            Operation = call.Operation,
            Stream = call.Stream,
            Usage = call.Usage,
            Reading = call.UsageReading,
            Ttft = call.ReportedTtftMilliseconds is { } ttft ? Math.Round(ttft, 3) : null,
            TtftSource = call.TtftSource,
            Finish = string.Join(',', call.FinishReasons.Select(Text)),
            Error = call.IsError ? Text(call.ErrorType) : null,
            ResponseId = Text(call.ResponseId),
            Session = Text(call.SessionId),
            User = Text(call.UserId),
            Prompt = call.PromptName.IsEmpty && call.PromptVersion.IsEmpty ? "" : $"{Text(call.PromptName)}@{Text(call.PromptVersion)}",
            Agent = Text(call.AgentName),
            Workflow = Text(call.WorkflowName),
            Tool = Text(call.ToolName),
            ToolCallId = Text(call.ToolCallId),
            Labels = string.Join(',', call.Labels.Select(Text)),
            Metadata = Text(call.Metadata.TextMemory),
            Tier = call.ServiceTier,
            Cost = call.ReportedCostUsd,
            WebSearches = call.WebSearches,
            Flags = string.Join(',', call.Flags),
        };
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
