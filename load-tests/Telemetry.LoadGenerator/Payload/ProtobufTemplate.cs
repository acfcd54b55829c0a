using Telemetry.Contracts.Wire;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>Encodes a template as an OTLP <c>ExportTraceServiceRequest</c> in protobuf.</summary>
internal static class ProtobufTemplate
{
    private const int TraceIdBytes = 16;
    private const int TagTypeBits = 3;
    private const int VarintOfTokens = 2;

    /// <summary>Encodes.</summary>
    public static PayloadTemplate Encode(RequestShape shape)
    {
        var request = new TemplateBuffer();
        Message(request, OtlpFields.Request.Resources, group =>
        {
            Message(group, OtlpFields.ResourceGroup.Resource, resource => Attributes(resource, OtlpFields.Resource.Attributes, shape.Resource));
            Message(group, OtlpFields.ResourceGroup.Scopes, scopes =>
            {
                Message(scopes, OtlpFields.ScopeGroup.Scope, scope =>
                {
                    Text(scope, OtlpFields.Scope.Name, shape.ScopeName);
                    Text(scope, OtlpFields.Scope.Version, shape.ScopeVersion);
                });
                for (int i = 0; i < shape.Spans.Count; i++)
                {
                    scopes.Span = i;
                    scopes.Trace = shape.Spans[i].Trace;
                    Message(scopes, OtlpFields.ScopeGroup.Items, span => Span(span, shape.Spans[span.Span]));
                }
            });
        });
        return new PayloadTemplate(request, shape);
    }

    private static void Span(TemplateBuffer output, SpanShape span)
    {
        Slot(output, OtlpFields.Span.TraceId, TraceIdBytes, PatchKind.TraceIdBytes, output.Trace);
        Slot(output, OtlpFields.Span.SpanId, sizeof(ulong), PatchKind.SpanIdBytes, output.Span);
        if (span.Parent >= 0)
        {
            Slot(output, OtlpFields.Span.ParentSpanId, sizeof(ulong), PatchKind.SpanIdBytes, span.Parent);
        }

        Text(output, OtlpFields.Span.Name, span.Text.Name);
        Number(output, OtlpFields.Span.Kind, (ulong)span.Text.Kind);
        Tag(output, OtlpFields.Span.StartTimeUnixNano, WireType.Fixed64);
        output.Slot(PatchKind.TimeBytes, sizeof(ulong), output.Span, span.Start);
        Tag(output, OtlpFields.Span.EndTimeUnixNano, WireType.Fixed64);
        output.Slot(PatchKind.TimeBytes, sizeof(ulong), output.Span, span.End);
        Attributes(output, OtlpFields.Span.Attributes, span.Text.Attributes);
    }

    private static void Attributes(TemplateBuffer output, int field, IReadOnlyList<SpanAttribute> attributes)
    {
        foreach (SpanAttribute attribute in attributes)
        {
            Message(output, field, pair =>
            {
                Text(pair, OtlpFields.KeyValue.Key, attribute.Key);
                Message(pair, OtlpFields.KeyValue.Value, value => Value(value, attribute.Value));
            });
        }
    }

    private static void Value(TemplateBuffer output, object value)
    {
        switch (value)
        {
            case string text:
                Text(output, OtlpFields.AnyValue.String, text);
                break;
            case bool flag:
                Number(output, OtlpFields.AnyValue.Bool, flag ? 1UL : 0UL);
                break;
            case long number:
                Number(output, OtlpFields.AnyValue.Int, (ulong)number);
                break;
            case double number:
                Tag(output, OtlpFields.AnyValue.Double, WireType.Fixed64);
                output.Fixed64(BitConverter.DoubleToUInt64Bits(number));
                break;
            case string[] list:
                Message(output, OtlpFields.AnyValue.Array, values =>
                {
                    foreach (string item in list)
                    {
                        Message(values, OtlpFields.ValueList.Values, one => Value(one, item));
                    }
                });
                break;
            default:
                Tag(output, OtlpFields.AnyValue.Int, WireType.Varint);
                output.Slot(ReferenceEquals(value, Slots.InputTokens) ? PatchKind.InputVarint : PatchKind.OutputVarint, VarintOfTokens, output.Span);
                break;
        }
    }

    private static void Message(TemplateBuffer output, int field, Action<TemplateBuffer> write)
    {
        TemplateBuffer part = output.Part();
        write(part);
        Tag(output, field, WireType.LengthDelimited);
        output.Varint((ulong)part.Length);
        output.Append(part);
    }

    private static void Text(TemplateBuffer output, int field, string text)
    {
        if (text.Length > 0)
        {
            Message(output, field, part => part.Text(text));
        }
    }

    private static void Number(TemplateBuffer output, int field, ulong number)
    {
        Tag(output, field, WireType.Varint);
        output.Varint(number);
    }

    private static void Slot(TemplateBuffer output, int field, int width, PatchKind kind, int item)
    {
        Tag(output, field, WireType.LengthDelimited);
        output.Varint((ulong)width);
        output.Slot(kind, width, item);
    }

    private static void Tag(TemplateBuffer output, int field, WireType type) => output.Varint(((ulong)field << TagTypeBits) | (ulong)type);
}
