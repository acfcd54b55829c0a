using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Langtrace: <c>langtrace.service.type</c> tells models, frameworks and vector databases apart; older versions have <c>llm.*</c> names of their own, newer
/// ones the plain conventions'. Source: Scale3-Labs/langtrace-python-sdk and langtrace-typescript-sdk.
/// </summary>
internal sealed class Langtrace : ISpanDialect
{
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _serviceType;
    private readonly AttributeKey _serviceName;
    private readonly AttributeKey _vendor;
    private readonly AttributeKey _model;
    private readonly AttributeKey _stream;

    public Langtrace(AttributeKeys keys, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _serviceType = keys.Add("langtrace.service.type");
        _serviceName = keys.Add("langtrace.service.name");
        _vendor = keys.Add("llm.vendor");
        _model = keys.Add("llm.model");
        _stream = keys.Add("llm.stream");
    }

    /// <inheritdoc />
    public string Name => "langtrace";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_serviceType) || span.Attributes.Has(_vendor);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        fields.Supply(Field.Provider, a[_vendor], _vendor);
        fields.Supply(Field.ModelRequested, a[_model], _model);
        fields.Supply(Field.Stream, a[_stream], _stream);
        ReadOnlySpan<byte> type = a[_serviceType].Text;
        if (type.SequenceEqual("llm"u8) || type.IsEmpty)
        {
            fields.Supply(Field.Provider, a[_serviceName], _serviceName);
            SpanRole role = _plain.RoleOf(span, fields, call);
            return role == SpanRole.Other && call.Operation.Length == 0 ? SpanRole.Call : role;
        }

        call.Operation = type.SequenceEqual("framework"u8) ? Operations.InvokeWorkflow : "";
        return type.SequenceEqual("framework"u8) ? SpanRole.Wrapper : SpanRole.Other;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;
}
