using Google.Protobuf;
using Telemetry.Otlp;

namespace Telemetry.Collector.Tests.Support;

/// <summary>Export requests, made with the reference protobuf library.</summary>
internal static class Payloads
{
    public static Span Span(int trace, int id, params (string Key, string Value)[] attributes)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)0xAB, 12), .. BitConverter.GetBytes(trace)]),
            SpanId = ByteString.CopyFrom(BitConverter.GetBytes(id + 1L)),
            Name = "chat gpt-4o",
            Kind = Otlp.Span.Types.SpanKind.Client,
            StartTimeUnixNano = 1_790_000_000_000_000_000,
            EndTimeUnixNano = 1_790_000_001_000_000_000,
        };
        span.Attributes.Add(attributes.Select(a => new KeyValue { Key = a.Key, Value = new AnyValue { StringValue = a.Value } }));
        return span;
    }

    public static Span GenAi(int trace, int id) => Span(trace, id, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"));

    public static TracesData Request(params Span[] spans)
    {
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "test" }, SchemaUrl = "https://opentelemetry.io/schemas/1.41.0" };
        scope.Spans.Add(spans);
        var resource = new ResourceSpans { Resource = new Resource() };
        resource.Resource.Attributes.Add(new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = "shop" } });
        resource.ScopeSpans.Add(scope);
        return new TracesData { ResourceSpans = { resource } };
    }

    /// <summary>The shape that throughput is measured with: 12 attributes, about 475 bytes a span.</summary>
    public static TracesData LlmShaped(int spans) => Request([.. Enumerable.Range(0, spans).Select(i => Span(
        i / 4,
        i,
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", "openai"),
        ("gen_ai.request.model", "gpt-4o-2024-08-06"),
        ("gen_ai.response.model", "gpt-4o-2024-08-06"),
        ("gen_ai.response.id", "chatcmpl-ABCDEFGHIJKLMNOPQRST"),
        ("gen_ai.usage.input_tokens", "1280"),
        ("gen_ai.usage.output_tokens", "256"),
        ("gen_ai.response.finish_reasons", "stop"),
        ("server.address", "api.openai.com"),
        ("session.id", "s-123456"),
        ("user.id", "u-123456"),
        ("gen_ai.prompt.name", "ticket-triage")))]);

    /// <summary>A value nested that deep: 1 is a plain string.</summary>
    public static AnyValue Nested(int depth) => depth == 1
        ? new AnyValue { StringValue = "x" }
        : new AnyValue { ArrayValue = new ArrayValue { Values = { Nested(depth - 1) } } };

    public static IEnumerable<Span> Spans(this TracesData data) => data.ResourceSpans.SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans);

    /// <summary>Real exporters' request bodies of that extension, by name.</summary>
    public static IEnumerable<(string Name, byte[] Body)> Captures(string extension)
    {
        string root = Path.Combine(AppContext.BaseDirectory, "Captures");
        return Directory.EnumerateFiles(root, "*." + extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (Path.GetRelativePath(root, f), File.ReadAllBytes(f)));
    }
}
