using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize;

/// <summary>Fills a call from the fields, the same for every dialect.</summary>
internal sealed class CallReader(AttributeKeys keys)
{
    private const double MillisecondsPerSecond = 1000;
    private const int StatusError = 2;

    // The conventions' value for an error whose type is not known.
    private static readonly byte[] OtherError = "_OTHER"u8.ToArray();

    private readonly TextInterner _texts = new();
    private readonly AttributeKey _exceptionType = keys.Add("exception.type");

    /// <summary>Fills the call.</summary>
    public void Read(DecodedSpan span, FieldValues fields, ISpanDialect dialect, LlmCall call)
    {
        ReadModel(fields, call);
        ReadDimensions(fields, call);
        ReadOutcome(span, fields, call);
        UsageReader.Read(fields, dialect.MeaningOf(span, fields, call), call);
        if (fields[Field.WebSearches].TryGetInteger(out long searches) && searches >= 0)
        {
            call.WebSearches = searches;
        }

        ReadFirstToken(span, fields, call);
        ReadContent(fields, call.Content);
    }

    private void ReadModel(FieldValues fields, LlmCall call)
    {
        call.ModelRequested = _texts.Get(fields[Field.ModelRequested].Text);
        call.ModelAnswered = _texts.Get(fields[Field.ModelAnswered].Text);
        if (call.ModelRequested.Length == 0 && call.ModelAnswered.Length == 0)
        {
            call.ModelRequested = _texts.Get(fields[Field.Model].Text);
        }

        if (call.Operation.Length == 0)
        {
            call.Operation = Operations.Normalize(_texts.Get(fields[Field.Operation].Text));
        }

        call.Provider = ProviderNames.Resolve(_texts.Get(fields[Field.Provider].Text), _texts.Get(fields[Field.Host].Text), _texts.Get(fields[Field.ServerAddress].Text));
        if (call.Provider.Length == 0 && call.Role is SpanRole.Call or SpanRole.ServerCall)
        {
            call.Provider = ProviderNames.OfModel(call.ModelAnswered.Length > 0 ? call.ModelAnswered : call.ModelRequested);
            if (call.Provider.Length > 0)
            {
                call.Flag(Flags.ProviderInferred);
            }
        }

        call.ServiceTier = _texts.Get(fields[Field.ServiceTier].Text);
    }

    private static void ReadDimensions(FieldValues fields, LlmCall call)
    {
        call.Stream = fields[Field.Stream].AsBool() ?? call.Stream;
        call.ResponseId = fields.Text(Field.ResponseId);
        call.PromptName = fields.Text(Field.PromptName);
        call.PromptVersion = AsText(fields[Field.PromptVersion]);
        call.SessionId = fields.Has(Field.Session) ? AsText(fields[Field.Session]) : AsText(fields[Field.Conversation]);
        call.UserId = AsText(fields[Field.User]);
        call.AgentName = fields.Text(Field.Agent);
        call.WorkflowName = fields.Text(Field.Workflow);
        call.ToolName = fields.Text(Field.Tool);
        call.ToolCallId = fields.Text(Field.ToolCallId);
        call.Metadata = fields[Field.Metadata];
        fields[Field.Labels].CollectTexts(call.Labels);
        fields[Field.FinishReasons].CollectTexts(call.FinishReasons);
        call.ReportedCostUsd = Money(fields[Field.Cost]) ?? call.ReportedCostUsd;
    }

    private void ReadOutcome(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        call.ErrorType = AsText(fields[Field.ErrorType]);
        call.IsError |= span.StatusCode == StatusError || call.ErrorType.Length > 0;
        if (!call.IsError || call.ErrorType.Length > 0)
        {
            return;
        }

        foreach (DecodedEvent e in span.Events)
        {
            if (e.Attributes[_exceptionType].TextMemory is { Length: > 0 } type)
            {
                call.ErrorType = type;
            }
        }

        if (call.ErrorType.IsEmpty)
        {
            ReadOnlyMemory<byte> own = span.Attributes[_exceptionType].TextMemory;
            call.ErrorType = own.IsEmpty ? OtherError : own;
        }
    }

    private static void ReadFirstToken(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        if (call.ReportedTtftMilliseconds is null)
        {
            if (fields[Field.FirstTokenSeconds].TryGetNumber(out double seconds))
            {
                call.ReportedTtftMilliseconds = seconds * MillisecondsPerSecond;
                call.TtftSource = fields.NameOf(Field.FirstTokenSeconds);
            }
            else if (fields[Field.FirstTokenMilliseconds].TryGetNumber(out double milliseconds))
            {
                call.ReportedTtftMilliseconds = milliseconds;
                call.TtftSource = fields.NameOf(Field.FirstTokenMilliseconds);
            }
            else if (FirstTokenEvents.Find(span, out string source) is { } sinceStart)
            {
                call.ReportedTtftMilliseconds = sinceStart;
                call.TtftSource = source;
            }
        }

        // Only a streamed answer has a first token before its end.
        if (call.ReportedTtftMilliseconds is not null)
        {
            call.Stream ??= true;
        }
    }

    private static void ReadContent(FieldValues fields, CallContent content)
    {
        content.SystemInstructions = fields[Field.SystemInstructions];
        content.InputMessages = fields[Field.InputMessages];
        content.OutputMessages = fields[Field.OutputMessages];
        content.ToolDefinitions = fields[Field.ToolDefinitions];
        content.MayBeFlat = content.InputMessages.Kind == ValueKind.None || content.OutputMessages.Kind == ValueKind.None;
    }

    // Ids and versions arrive as numbers too.
    private static ReadOnlyMemory<byte> AsText(AttributeValue value) => value.Kind switch
    {
        ValueKind.Text => value.Slice,
        ValueKind.Integer => System.Text.Encoding.UTF8.GetBytes(value.IntegerValue.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ValueKind.Double => System.Text.Encoding.UTF8.GetBytes(value.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => default,
    };

    private static decimal? Money(AttributeValue value)
    {
        const double Largest = 900_000;
        return value.TryGetNumber(out double number) && Math.Abs(number) < Largest ? (decimal)number : null;
    }
}
