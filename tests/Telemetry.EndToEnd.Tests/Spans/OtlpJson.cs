using System.Globalization;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests.Spans;

/// <summary>OTLP/JSON request bodies with one chat call each, as an application would send them.</summary>
internal static class OtlpJson
{
    /// <summary>A call of gpt-4o-mini with 1200 input tokens (1000 of them cached) and 300 output tokens.</summary>
    public static string Chat(string traceId, string spanId, string service, DateTimeOffset start) => Request(service, Span(traceId, spanId, start));

    public static string Request(string service, params object[] spans) => JsonSerializer.Serialize(new
    {
        resourceSpans = new[]
        {
            new
            {
                resource = new { attributes = new[] { Attribute("service.name", new { stringValue = service }) } },
                scopeSpans = new[] { new { scope = new { name = "end-to-end" }, spans } },
            },
        },
    });

    public static object Span(string traceId, string spanId, DateTimeOffset start, string parentSpanId = "", string operation = "chat", string content = "") => new
    {
        traceId,
        spanId,
        parentSpanId,
        name = operation + " gpt-4o-mini",
        kind = 3,
        startTimeUnixNano = Nanoseconds(start),
        endTimeUnixNano = Nanoseconds(start.AddMilliseconds(900)),
        attributes = (object[])
        [
            .. content.Length > 0 ? (object[])[Attribute("gen_ai.output.messages", new { stringValue = content })] : [],
            Attribute("gen_ai.operation.name", new { stringValue = operation }),
            Attribute("gen_ai.provider.name", new { stringValue = "openai" }),
            Attribute("gen_ai.request.model", new { stringValue = "gpt-4o-mini" }),
            Attribute("gen_ai.response.model", new { stringValue = "gpt-4o-mini-2024-07-18" }),
            Attribute("gen_ai.request.stream", new { boolValue = true }),
            Attribute("gen_ai.response.time_to_first_chunk", new { doubleValue = 0.3 }),
            Attribute("gen_ai.usage.input_tokens", new { intValue = "1200" }),
            Attribute("gen_ai.usage.cache_read.input_tokens", new { intValue = "1000" }),
            Attribute("gen_ai.usage.output_tokens", new { intValue = "300" }),
        ],
    };

    private static object Attribute(string key, object value) => new { key, value };

    private static string Nanoseconds(DateTimeOffset time) =>
        ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
}
