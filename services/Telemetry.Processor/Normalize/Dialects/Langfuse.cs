using System.Globalization;
using System.Text;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Langfuse SDKs 3 and later: <c>langfuse.observation.*</c>; generations and embeddings are calls. Environment, user, session and tags are put on the spans of
/// other instrumentations too, and make nothing an observation. Source: langfuse/langfuse OtelIngestionProcessor and langfuse-python attributes.
/// </summary>
internal sealed class Langfuse : ISpanDialect
{
    private readonly TextInterner _texts = new();
    private readonly OpenTelemetryGenAi _plain;
    private readonly LangfuseUsage _usageReader;
    private readonly AttributeKey _type;
    private readonly AttributeKey _level;
    private readonly AttributeKey _model;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _cost;
    private readonly AttributeKey _firstToken;
    private readonly AttributeKey _parameters;
    private readonly AttributeKey _input;
    private readonly AttributeKey _output;
    private readonly AttributeKey[] _foreign;

    public Langfuse(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _type = keys.Add("langfuse.observation.type");
        _level = keys.Add("langfuse.observation.level");
        _model = keys.Add("langfuse.observation.model.name");
        _usage = keys.Add("langfuse.observation.usage_details");
        _cost = keys.Add("langfuse.observation.cost_details");
        _firstToken = keys.Add("langfuse.observation.completion_start_time");
        _parameters = keys.Add("langfuse.observation.model.parameters");
        _input = keys.Add("langfuse.observation.input");
        _output = keys.Add("langfuse.observation.output");
        _foreign = [keys.Add("ai.operationId"), keys.Add("openinference.span.kind"), keys.Add("traceloop.span.kind"), keys.Add("llm.request.type")];
        _usageReader = new LangfuseUsage(_usage);
        map.Add(Field.Session, "langfuse.session.id", "langfuse.trace.session.id", "langfuse.observation.metadata.langfuse_session_id", "langfuse.trace.metadata.langfuse_session_id")
            .Add(Field.User, "langfuse.user.id", "langfuse.trace.user.id", "langfuse.observation.metadata.langfuse_user_id", "langfuse.trace.metadata.langfuse_user_id")
            .Add(Field.Provider, "langfuse.observation.metadata.ls_provider")
            .Add(Field.PromptName, "langfuse.observation.prompt.name", "langfuse.prompt.name")
            .Add(Field.PromptVersion, "langfuse.observation.prompt.version", "langfuse.prompt.version")
            .Add(Field.Labels, "langfuse.trace.tags", "langfuse.tags", "langfuse.observation.metadata.langfuse_tags", "langfuse.trace.metadata.langfuse_tags")
            .Add(Field.Metadata, "langfuse.observation.metadata", "langfuse.trace.metadata")
            .Add(Field.Environment, "langfuse.environment");
    }

    /// <inheritdoc />
    public string Name => "langfuse";

    /// <inheritdoc />
    public IEnumerable<AttributeKey> TellingKeys => [_type];

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        if (a.Has(_usage) || a.Has(_model))
        {
            return true;
        }

        // An update of the current observation marks whatever span is current, as a plain one.
        ReadOnlySpan<byte> type = JsonFields.Unquote(a[_type].TextMemory).Span;
        return !type.IsEmpty && !(Is(type, "span"u8) && (fields.Has(Field.Operation) || IsForeign(a)));
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        SpanRole role = RoleOf(a, fields, call);
        _usageReader.Read(a[_usage], fields);
        Replace(fields, Field.ModelRequested, AttributeValue.OfText(JsonFields.Unquote(a[_model].TextMemory)), _model);
        Replace(fields, Field.InputMessages, a[_input], _input);
        Replace(fields, Field.OutputMessages, a[_output], _output);
        ReadCost(a[_cost], fields, call);
        fields.Supply(Field.Stream, JsonFields.Find(a[_parameters], "stream"), _parameters);
        fields.Supply(Field.ServiceTier, JsonFields.Find(a[_parameters], "service_tier"), _parameters);
        call.IsError = a[_level].Text.SequenceEqual("ERROR"u8);
        ReadFirstToken(span, a[_firstToken], call);
        if (call.Operation == Operations.ExecuteTool)
        {
            fields.Supply(Field.Tool, AttributeValue.OfText(span.Name), _type);
        }
        else if (call.Operation == Operations.InvokeAgent)
        {
            fields.Supply(Field.Agent, AttributeValue.OfText(span.Name), _type);
        }

        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => _usageReader.Meaning;

    private SpanRole RoleOf(AttributeSet a, FieldValues fields, LlmCall call)
    {
        ReadOnlySpan<byte> type = JsonFields.Unquote(a[_type].TextMemory).Span;
        bool isGeneration = Is(type, "generation"u8) || ((type.IsEmpty || Is(type, "span"u8)) && (a.Has(_model) || a.Has(_usage)));
        if (isGeneration)
        {
            // Before 3.3 the type was left out or wrong, and a model with usage made a generation. Its kind, other instrumentations beside may tell.
            string operation = _plain.OperationOf(fields[Field.Operation]);
            call.Operation = Operations.RoleOf(operation) == SpanRole.Call ? operation : Operations.Chat;
            return SpanRole.Call;
        }

        (SpanRole role, call.Operation) = type switch
        {
            _ when Is(type, "embedding"u8) => (SpanRole.Call, Operations.Embeddings),
            _ when Is(type, "agent"u8) => (SpanRole.Wrapper, Operations.InvokeAgent),
            _ when Is(type, "chain"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
            _ when Is(type, "tool"u8) => (SpanRole.Other, Operations.ExecuteTool),
            _ when Is(type, "retriever"u8) => (SpanRole.Other, Operations.Retrieval),
            _ when Is(type, "event"u8) => (SpanRole.Other, "event"),
            _ => (SpanRole.Wrapper, _texts.Get(type)),
        };
        return role;
    }

    private static bool Is(ReadOnlySpan<byte> type, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(type, name);

    private bool IsForeign(AttributeSet a)
    {
        foreach (AttributeKey key in _foreign)
        {
            if (a.Has(key))
            {
                return true;
            }
        }

        return false;
    }

    private static void Replace(FieldValues fields, Field field, AttributeValue value, AttributeKey source)
    {
        if (FieldValues.Tells(value))
        {
            fields.Replace(field, value, source);
        }
    }

    // The total, or what its parts add up to.
    private void ReadCost(AttributeValue cost, FieldValues fields, LlmCall call)
    {
        AttributeValue total = JsonFields.Find(cost, "total");
        Replace(fields, Field.Cost, total, _cost);
        if (total.Kind == ValueKind.None && cost.Kind == ValueKind.Text)
        {
            JsonFields.EachNumber(cost, _texts, call, static (to, _, value) =>
                to.ReportedCostUsd = value.TryGetNumber(out double part) && part is >= 0 and < 900_000 ? (to.ReportedCostUsd ?? 0) + (decimal)part : to.ReportedCostUsd);
        }
    }

    private static void ReadFirstToken(DecodedSpan span, AttributeValue value, LlmCall call)
    {
        const int LongestTime = 64;
        const double TicksPerMillisecond = TimeSpan.TicksPerMillisecond;
        const ulong NanosecondsPerTick = 100;
        ReadOnlySpan<byte> text = value.Text;
        if (text.IsEmpty)
        {
            return;
        }

        // An ISO time; older SDKs encode it as JSON, some twice.
        text = JsonFields.Unquote(JsonFields.Unquote(value.TextMemory)).Span;
        Span<char> time = stackalloc char[LongestTime];
        if (text.Length <= LongestTime && Ascii.ToUtf16(text, time, out int length) == System.Buffers.OperationStatus.Done
            && DateTimeOffset.TryParse(time[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at))
        {
            call.ReportedTtftMilliseconds = ((at - DateTimeOffset.UnixEpoch).Ticks - (long)(span.Start / NanosecondsPerTick)) / TicksPerMillisecond;
            call.TtftSource = "langfuse.observation.completion_start_time";
        }
    }
}
