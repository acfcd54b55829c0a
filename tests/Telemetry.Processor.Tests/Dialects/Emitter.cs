using System.Text;
using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Dialects;

/// <summary>
/// One instrumentation: sends spans under its scope, and gives what is read from them. Every span that it sends must be one that the Collector keeps.
/// </summary>
internal sealed class Emitter(string scope = "app", string version = "", params (string Key, object Value)[] resource)
{
    public const Span.Types.SpanKind Internal = Span.Types.SpanKind.Internal;
    public const Span.Types.SpanKind Client = Span.Types.SpanKind.Client;
    public const Span.Types.SpanKind Server = Span.Types.SpanKind.Server;

    private readonly Reading _reading = new();

    /// <summary>The kind of the spans to come.</summary>
    public Span.Types.SpanKind Kind { get; init; } = Client;

    /// <summary>What is to be changed on the spans to come.</summary>
    public Action<Span> Change { get; init; } = static _ => { };

    /// <summary>A failed status.</summary>
    public static void Fail(Span span) => span.Status = new Status { Code = Status.Types.StatusCode.Error, Message = "it failed" };

    /// <summary>A failed status with the exception recorded.</summary>
    public static Action<Span> Throw(string type) => span =>
    {
        Fail(span);
        AddEvent(span, "exception", 900, ("exception.type", type), ("exception.message", "it failed"));
    };

    /// <summary>An event after some milliseconds.</summary>
    public static Action<Span> Event(string name, int milliseconds, params (string Key, object Value)[] attributes) => span => AddEvent(span, name, milliseconds, attributes);

    /// <summary>Sends one span of a second and gives what was read from it.</summary>
    public Facts Send(string name, params (string Key, object Value)[] attributes)
    {
        Span span = StageRun.Chat(attributes);
        span.Name = name;
        span.Kind = Kind;
        Change(span);
        Assert.True(IsKept(span), $"the Collector drops '{name}' of scope '{scope}'");
        return Facts.Of(Run(span));
    }

    /// <summary>Sends a span that need not be one of ours.</summary>
    public SpanItem Run(Span span)
    {
        var group = new ResourceSpans { Resource = new Resource() };
        group.Resource.Attributes.Add(resource.Select(Attribute));
        group.ScopeSpans.Add(new ScopeSpans { Scope = new InstrumentationScope { Name = scope, Version = version }, Spans = { span } });
        return Assert.Single(_reading.Read(new TracesData { ResourceSpans = { group } }.ToByteArray()));
    }

    private static void AddEvent(Span span, string name, int milliseconds, params (string Key, object Value)[] attributes) => span.Events.Add(new Span.Types.Event
    {
        Name = name,
        TimeUnixNano = span.StartTimeUnixNano + ((ulong)milliseconds * 1_000_000),
        Attributes = { attributes.Select(Attribute) },
    });

    private static KeyValue Attribute((string Key, object Value) attribute) => new() { Key = attribute.Key, Value = StageRun.Any(attribute.Value) };

    private bool IsKept(Span span) => GenAiMarkers.IsScope(Encoding.UTF8.GetBytes(scope))
        || new[] { span.Name }.Concat(span.Attributes.Select(a => a.Key)).Concat(span.Events.SelectMany(e => e.Attributes.Select(a => a.Key).Prepend(e.Name)))
            .Any(k => GenAiMarkers.IsKey(Encoding.UTF8.GetBytes(k)));
}
