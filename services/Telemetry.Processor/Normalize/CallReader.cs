using System.Globalization;
using System.Text;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize;

/// <summary>Fills a call from the fields, the same for every dialect.</summary>
internal sealed class CallReader(AttributeKeys keys)
{
    private const double MillisecondsPerSecond = 1000;
    private const int StatusError = 2;
    private const int MostProvidersKept = 1024;

    // The conventions' value for an error whose type is not known.
    private static readonly byte[] OtherError = "_OTHER"u8.ToArray();

    // Versions of prompts are small numbers mostly.
    private static readonly byte[][] SmallNumbers = [.. Enumerable.Range(0, 256).Select(n => Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture)))];

    private readonly TextInterner _texts = new();
    private readonly FinishReasons _finishReasons = new(keys);
    private readonly Dictionary<(string Name, string Host, string Address), string> _providers = [];
    private readonly AttributeKey _exceptionType = keys.Add("exception.type");
    private (string? Name, string? Host, string? Address, string Provider) _last = (null, null, null, "");

    /// <summary>Fills the call.</summary>
    public void Read(DecodedSpan span, FieldValues fields, ISpanDialect dialect, LlmCall call)
    {
        ReadModel(fields, call);
        ReadDimensions(fields, call);
        _finishReasons.Read(span, fields, call.FinishReasons);
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

        bool isCall = call.Role is SpanRole.Call or SpanRole.ServerCall;
        string model = call.ModelAnswered.Length > 0 ? call.ModelAnswered : call.ModelRequested;
        if (call.Operation.Length == 0)
        {
            call.Operation = Operations.Normalize(_texts.Get(fields[Field.Operation].Text));
        }

        if (isCall && call.Operation.Length == 0)
        {
            call.Operation = model.Contains("embed", StringComparison.OrdinalIgnoreCase) ? Operations.Embeddings : Operations.Chat;
        }

        string name = _texts.Get(fields[Field.Provider].Text);
        string host = _texts.Get(fields[Field.Host].Text);
        call.Provider = ProviderOf(name, host, _texts.Get(fields[Field.ServerAddress].Text));
        bool isNamed = call.Provider.Length > 0 && (name.Length > 0 || host.Length > 0);
        if (call.Provider.Length == 0 && isCall)
        {
            call.Provider = ProviderNames.OfModel(model);
        }

        if (isCall && !isNamed && call.Provider.Length > 0)
        {
            call.Flag(Flags.ProviderInferred);
        }

        call.ServiceTier = _texts.Get(fields[Field.ServiceTier].Text);
    }

    private string ProviderOf(string name, string host, string address)
    {
        // Interned names are nearly always the same objects.
        if (ReferenceEquals(name, _last.Name) && ReferenceEquals(host, _last.Host) && ReferenceEquals(address, _last.Address))
        {
            return _last.Provider;
        }

        _last = (name, host, address, FindProvider(name, host, address));
        return _last.Provider;
    }

    private string FindProvider(string name, string host, string address)
    {
        if (_providers.TryGetValue((name, host, address), out string? known))
        {
            return known;
        }

        if (_providers.Count >= MostProvidersKept)
        {
            _providers.Clear();
        }

        return _providers[(name, host, address)] = ProviderNames.Resolve(name, host, address);
    }

    private static void ReadDimensions(FieldValues fields, LlmCall call)
    {
        call.Stream = AsBool(fields[Field.Stream]) ?? call.Stream;
        call.ResponseId = AsText(fields[Field.ResponseId]);
        call.PromptName = AsText(fields[Field.PromptName]);
        call.PromptVersion = AsText(fields[Field.PromptVersion]);
        call.SessionId = fields.Has(Field.Session) ? AsText(fields[Field.Session]) : AsText(fields[Field.Conversation]);
        call.UserId = AsText(fields[Field.User]);
        call.AgentName = fields.Text(Field.Agent);
        call.WorkflowName = fields.Text(Field.Workflow);
        call.ToolName = fields.Text(Field.Tool);
        call.ToolCallId = fields.Text(Field.ToolCallId);
        call.Metadata = fields[Field.Metadata];
        fields[Field.Labels].CollectTexts(call.Labels);
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
        if (call.ReportedTtftMilliseconds is null && !TryRead(Field.FirstTokenSeconds, MillisecondsPerSecond, fields, call) && !TryRead(Field.FirstTokenMilliseconds, 1, fields, call))
        {
            if (FirstTokenEvents.Find(span, out string source) is { } sinceStart)
            {
                (call.ReportedTtftMilliseconds, call.TtftSource) = (sinceStart, source);
            }
            else if (call.Stream == true)
            {
                // Emitters put the whole duration there when the answer was not streamed.
                TryRead(Field.FirstTokenIfStreamed, MillisecondsPerSecond, fields, call);
            }
        }

        // Only a streamed answer has a first token before its end; a client that tells one has streamed. A server has one for every answer.
        if (call.ReportedTtftMilliseconds is not null)
        {
            call.Stream ??= true;
        }
        else
        {
            TryRead(Field.FirstTokenOfServer, MillisecondsPerSecond, fields, call);
        }
    }

    private static bool TryRead(Field field, double milliseconds, FieldValues fields, LlmCall call)
    {
        if (!fields[field].TryGetNumber(out double number))
        {
            return false;
        }

        (call.ReportedTtftMilliseconds, call.TtftSource) = (number * milliseconds, fields.NameOf(field));
        return true;
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
        ValueKind.Integer when (ulong)value.IntegerValue < (ulong)SmallNumbers.Length => SmallNumbers[value.IntegerValue],
        ValueKind.Integer => Encoding.UTF8.GetBytes(value.IntegerValue.ToString(CultureInfo.InvariantCulture)),
        ValueKind.Double => Encoding.UTF8.GetBytes(value.DoubleValue.ToString(CultureInfo.InvariantCulture)),
        _ => default,
    };

    private static bool? AsBool(AttributeValue value) => value.Kind == ValueKind.Integer ? value.IntegerValue != 0 : value.AsBool();

    private static decimal? Money(AttributeValue value)
    {
        const double Largest = 900_000;
        return value.TryGetNumber(out double number) && number is >= 0 and < Largest ? (decimal)number : null;
    }
}
