using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Genkit (scope <c>genkit-tracer</c>): every action is a span; those of subtype model and embedder are calls, with the usage inside the recorded output. The
/// model's name begins with the plugin that serves it: googleai/gemini-2.5-flash. Source: firebase/genkit, tracing instrumentation.
/// </summary>
internal sealed class Genkit : ISpanDialect
{
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _type;
    private readonly AttributeKey _subtype;
    private readonly AttributeKey _name;
    private readonly AttributeKey _input;
    private readonly AttributeKey _output;
    private readonly AttributeKey _state;

    public Genkit(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _type = keys.Add("genkit:type");
        _subtype = keys.Add("genkit:metadata:subtype");
        _name = keys.Add("genkit:name");
        _input = keys.Add("genkit:input");
        _output = keys.Add("genkit:output");
        _state = keys.Add("genkit:state");
        map.Add(Field.Session, "genkit:sessionId");
    }

    /// <inheritdoc />
    public string Name => "genkit";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) =>
        span.Attributes.Has(_subtype) || span.Attributes.Has(_type) || span.ScopeName.Span.SequenceEqual("genkit-tracer"u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        call.IsError = a[_state].Text.SequenceEqual("error"u8);
        ReadOnlySpan<byte> subtype = a[_subtype].Text;
        if (subtype.StartsWith("tool"u8))
        {
            call.Operation = Operations.ExecuteTool;
            fields.Supply(Field.Tool, a[_name], _name);
            return SpanRole.Other;
        }

        bool isModel = subtype.SequenceEqual("model"u8);
        if (!isModel && !subtype.SequenceEqual("embedder"u8))
        {
            bool isFlow = subtype.SequenceEqual("flow"u8) || subtype.SequenceEqual("agent"u8);
            call.Operation = isFlow ? Operations.InvokeWorkflow : "";
            return isFlow || a[_type].Text.SequenceEqual("util"u8) ? SpanRole.Wrapper : _plain.RoleOf(span, fields, call);
        }

        call.Operation = isModel ? Operations.Chat : Operations.Embeddings;
        ReadName(a[_name], fields);
        JsonFields.EachMember(a[_output], (Fields: fields, Key: _output), static (to, name, value) =>
        {
            if (name.SequenceEqual("usage"u8))
            {
                ReadUsage(value, to.Fields, to.Key);
            }
            else if (name.SequenceEqual("finishReason"u8))
            {
                to.Fields.Supply(Field.FinishReasons, value, to.Key);
            }
        });
        call.Content.RecordedInput = a[_input];
        call.Content.RecordedOutput = a[_output];
        return SpanRole.Call;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    private static void ReadUsage(AttributeValue usage, FieldValues fields, AttributeKey source)
    {
        fields.Supply(Field.InputTokens, JsonFields.Find(usage, "inputTokens"), source);
        fields.Supply(Field.OutputTokens, JsonFields.Find(usage, "outputTokens"), source);
        fields.Supply(Field.TotalTokens, JsonFields.Find(usage, "totalTokens"), source);
        fields.Supply(Field.Reasoning, JsonFields.Find(usage, "thoughtsTokens"), source);
        fields.Supply(Field.CacheRead, JsonFields.Find(usage, "cachedContentTokens"), source);
    }

    private void ReadName(AttributeValue name, FieldValues fields)
    {
        int slash = name.Text.IndexOf((byte)'/');
        if (slash > 0)
        {
            fields.Supply(Field.Provider, AttributeValue.OfText(name.Slice[..slash]), _name);
        }

        fields.Supply(Field.ModelRequested, name.Kind == ValueKind.Text ? AttributeValue.OfText(name.Slice[(slash + 1)..]) : default, _name);
    }
}
