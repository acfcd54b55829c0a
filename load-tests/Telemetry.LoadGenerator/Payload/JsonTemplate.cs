using System.Globalization;
using System.Text;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>Encodes a template as an OTLP <c>ExportTraceServiceRequest</c> in JSON, in the order of fields and the style that the OpenTelemetry SDKs use.</summary>
internal static class JsonTemplate
{
    private const int TraceIdDigits = 32;
    private const int SpanIdDigits = 16;
    private const int TimeDigits = 19;

    /// <summary>Encodes.</summary>
    public static PayloadTemplate Encode(RequestShape shape)
    {
        var output = new TemplateBuffer();
        output.Text("""{"resourceSpans":[{"resource":{"attributes":""");
        Attributes(output, shape.Resource);
        output.Text("""},"scopeSpans":[{"scope":{"name":""");
        Quoted(output, shape.ScopeName);
        if (shape.ScopeVersion.Length > 0)
        {
            output.Text(",\"version\":");
            Quoted(output, shape.ScopeVersion);
        }

        output.Text("},\"spans\":[");
        for (int i = 0; i < shape.Spans.Count; i++)
        {
            output.Text(i > 0 ? "," : "");
            output.Span = i;
            output.Trace = shape.Spans[i].Trace;
            Span(output, shape.Spans[i]);
        }

        output.Text("]}]}]}");
        return new PayloadTemplate(output, shape);
    }

    private static void Span(TemplateBuffer output, SpanShape span)
    {
        output.Text("{\"traceId\":\"");
        output.Slot(PatchKind.TraceIdHex, TraceIdDigits, span.Trace);
        output.Text("\",\"spanId\":\"");
        output.Slot(PatchKind.SpanIdHex, SpanIdDigits, output.Span);
        if (span.Parent >= 0)
        {
            output.Text("\",\"parentSpanId\":\"");
            output.Slot(PatchKind.SpanIdHex, SpanIdDigits, span.Parent);
        }

        output.Text("\",\"name\":");
        Quoted(output, span.Text.Name);
        output.Text(string.Create(CultureInfo.InvariantCulture, $",\"kind\":{span.Text.Kind},\"startTimeUnixNano\":\""));
        output.Slot(PatchKind.TimeDigits, TimeDigits, output.Span, span.Start);
        output.Text("\",\"endTimeUnixNano\":\"");
        output.Slot(PatchKind.TimeDigits, TimeDigits, output.Span, span.End);
        output.Text("\",\"attributes\":");
        Attributes(output, span.Text.Attributes);
        output.Text(",\"droppedAttributesCount\":0,\"events\":[],\"droppedEventsCount\":0,\"status\":{\"code\":0},\"links\":[],\"droppedLinksCount\":0}");
    }

    private static void Attributes(TemplateBuffer output, IReadOnlyList<SpanAttribute> attributes)
    {
        output.Text("[");
        for (int i = 0; i < attributes.Count; i++)
        {
            output.Text(i > 0 ? ",{\"key\":" : "{\"key\":");
            Quoted(output, attributes[i].Key);
            output.Text(",\"value\":");
            Value(output, attributes[i].Value);
            output.Text("}");
        }

        output.Text("]");
    }

    private static void Value(TemplateBuffer output, object value)
    {
        switch (value)
        {
            case string text:
                output.Text("{\"stringValue\":");
                Quoted(output, text);
                break;
            case bool flag:
                output.Text(flag ? "{\"boolValue\":true" : "{\"boolValue\":false");
                break;
            case long number:
                output.Text(string.Create(CultureInfo.InvariantCulture, $"{{\"intValue\":\"{number}\""));
                break;
            case double number:
                output.Text(string.Create(CultureInfo.InvariantCulture, $"{{\"doubleValue\":{number:R}"));
                break;
            case string[] list:
                output.Text("{\"arrayValue\":{\"values\":[");
                for (int i = 0; i < list.Length; i++)
                {
                    output.Text(i > 0 ? "," : "");
                    Value(output, list[i]);
                }

                output.Text("]}");
                break;
            default:
                output.Text($"{{\"intValue\":\"{(ReferenceEquals(value, Slots.InputTokens) ? Slots.InputText : Slots.OutputText)}\"");
                break;
        }

        output.Text("}");
    }

    // Only what must be escaped is: slots have to reach the buffer as they are.
    private static void Quoted(TemplateBuffer output, string text)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (char character in text)
        {
            _ = character switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\n' => escaped.Append("\\n"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        output.Text(escaped.Append('"').ToString());
    }
}
