using Google.Protobuf;
using Telemetry.Contracts.Prices;
using Telemetry.Otlp;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.CountTokens;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Price;
using Telemetry.Processor.Screen;
using Telemetry.Processor.Time;

namespace Telemetry.Processor.Tests.Stages;

/// <summary>Runs spans, made with Google.Protobuf, through the stages of a lane.</summary>
internal sealed class StageRun
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<PriceBook> Book = new(() => PriceBook.Parse(
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "prices"), "*.json").Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]));

    private readonly AttributeKeys _keys = new();
    private readonly TraceWindow _window;
    private readonly NormalizeStage _normalize;
    private readonly IStage[] _completion;

    public StageRun(TraceWindow? window = null)
    {
        _window = window ?? new TraceWindow(4096, 1);
        Attribute = new AttributeStage(_window);
        Batch = new SpanBatch(_keys);
        _normalize = new NormalizeStage(_keys);
        var messages = new CallMessages(_keys);
        _completion = [new CountTokensStage(messages), new TimeStage(TimeProvider.System), new PriceStage(() => Book.Value), new ScreenStage(messages, new ScreenOptions())];
    }

    /// <summary>The shipped prices.</summary>
    public static PriceBook Prices => Book.Value;

    public SpanBatch Batch { get; }

    public AttributeKeys Keys => _keys;

    public AttributeStage Attribute { get; }

    public static Span Chat(params (string Key, object Value)[] attributes)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 16).ToArray()),
            SpanId = ByteString.CopyFrom(Enumerable.Repeat((byte)9, 8).ToArray()),
            Name = "chat gpt-4o-mini",
            Kind = Span.Types.SpanKind.Client,
            StartTimeUnixNano = Nanoseconds(Start),
            EndTimeUnixNano = Nanoseconds(Start.AddMilliseconds(1000)),
        };
        span.Attributes.Add(attributes.Select(a => new KeyValue { Key = a.Key, Value = Any(a.Value) }));
        return span;
    }

    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static byte[] Record(params Span[] spans)
    {
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "tests" } };
        scope.Spans.Add(spans);
        var resource = new ResourceSpans { Resource = new Resource() };
        resource.Resource.Attributes.Add(new KeyValue { Key = "service.name", Value = Any("shop") });
        resource.ScopeSpans.Add(scope);
        var data = new TracesData();
        data.ResourceSpans.Add(resource);
        return data.ToByteArray();
    }

    public static AnyValue Any(object value) => value switch
    {
        string text => new AnyValue { StringValue = text },
        bool flag => new AnyValue { BoolValue = flag },
        int number => new AnyValue { IntValue = number },
        long number => new AnyValue { IntValue = number },
        double number => new AnyValue { DoubleValue = number },
        string[] list => new AnyValue { ArrayValue = new ArrayValue { Values = { list.Select(Any) } } },
        _ => throw new ArgumentException($"no AnyValue for {value.GetType()}", nameof(value)),
    };

    /// <summary>Decodes a record and runs the stages over it; null, or why it cannot be decoded.</summary>
    public string? Run(ReadOnlyMemory<byte> record)
    {
        Batch.Clear();
        Attribute.Clear();
        string? error = new SpanDecoder(Batch).Decode(record, offset: 1);
        _normalize.Process(Batch.Items);
        Attribute.Process(Batch.Items);
        Attribute.Decide();
        foreach (SpanOutcome outcome in Attribute.Outcomes)
        {
            outcome.ApplyTo(Batch.Items[outcome.Index]);
        }

        foreach (IStage stage in _completion)
        {
            stage.Process(Batch.Items);
        }

        return error;
    }

    public SpanItem Run(Span span)
    {
        // A span by itself: what came before it in the test is not of its trace.
        span.TraceId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
        Assert.Null(Run(Record(span)));
        return Assert.Single(Batch.Items.ToArray());
    }
}
