using System.Text.Json;
using Google.Protobuf;
using Telemetry.Collector;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Redact;
using Telemetry.Fuzz.Seeds;
using Telemetry.Otlp;
using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// OTLP protobuf through admission, redaction and record building: what is written must be what Google.Protobuf reads, with the same spans, and texts that were JSON
/// must still be. Control byte: the policy.
/// </summary>
internal sealed class RedactTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "redact";

    private const int MaxRecordBytes = 1 << 28;

    private static readonly string[] Policies = ["mask:all", "hash:all", "drop_content:all", "mask"];

    private readonly Admission _admission = new(new CollectorLimits { MaxAttributes = 100_000, MaxDepth = 100 }, keepAll: true, 1);
    private readonly RecordBuilder _builder = new();
    private readonly Redactor _redactor = new("a key for the fuzzer"u8.ToArray());
    private readonly RedactPolicy[] _policies = [.. Policies.Select(p => RedactPolicy.TryParse(p, out RedactPolicy? policy, out _) ? policy! : throw new InvalidOperationException(p))];

    public RedactTarget() =>
        Seeds = [.. Texts().Select((text, i) => Captures.With(Request(text), (byte)i)), .. Captures.Bodies(".bin").Select((body, i) => Captures.With(body, (byte)i)), Captures.With(OtlpSeeds.Traces(), 0)];

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "OTLP protobuf through admission, redaction and record building, against Google.Protobuf";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Protobuf | Shapes.Json | Shapes.Text;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; } = [.. OtlpSeeds.Words, .. Captures.Words(
        "ann@example.com", "4111 1111 1111 1111", "DE89370400440532013000", "password=hunter2!", "203.0.113.7", "\\u0040", "\\n", "\\\"", "-----BEGIN PRIVATE KEY-----", "AKIAIOSFODNN7EXAMPLE", "2001:db8::1", "+1 415 555 2671")];

    /// <inheritdoc />
    public int ControlBytes => 1;

    /// <inheritdoc />
    public void Dispose()
    {
        _builder.Dispose();
        _redactor.Dispose();
    }

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (32L << 20) + (inputLength * 1000L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        byte[] request = input[1..].ToArray();
        TracesData[] plain = Read(request, null);
        TracesData[] redacted = Read(request, _policies[input[0] % _policies.Length]);
        if (plain.Length < redacted.Length)
        {
            // What made the text no UTF-8 was taken out.
            return;
        }

        if (plain.Length > redacted.Length)
        {
            throw new FuzzFailureException($"{plain.Length} records, {redacted.Length} after redaction");
        }

        foreach ((TracesData before, TracesData after) in plain.Zip(redacted))
        {
            Compare(before, after);
        }
    }

    private static void Compare(TracesData before, TracesData after)
    {
        Span[] spans = [.. Spans(before)];
        Span[] rewritten = [.. Spans(after)];
        if (!spans.Select(s => (s.SpanId, s.StartTimeUnixNano, s.EndTimeUnixNano, s.Kind, s.Events.Count)).SequenceEqual(rewritten.Select(s => (s.SpanId, s.StartTimeUnixNano, s.EndTimeUnixNano, s.Kind, s.Events.Count))))
        {
            throw new FuzzFailureException("spans differ in more than texts");
        }

        foreach ((Span one, Span other) in spans.Zip(rewritten).Where(p => p.First.Attributes.Count == p.Second.Attributes.Count))
        {
            foreach ((KeyValue attribute, KeyValue changed) in one.Attributes.Zip(other.Attributes).Where(p => IsJson(p.First) && !IsJson(p.Second)))
            {
                throw new FuzzFailureException($"no longer JSON: {attribute.Value.StringValue} became {changed.Value?.StringValue}");
            }
        }
    }

    private static IEnumerable<Span> Spans(TracesData data) => data.ResourceSpans.SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans);

    private static bool IsJson(KeyValue attribute)
    {
        // A text that is a number and nothing else is not told from prose.
        string text = attribute.Value?.StringValue ?? "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private TracesData[] Read(byte[] request, RedactPolicy? policy)
    {
        if (!_admission.TryRead(Signal.Traces, request))
        {
            return [];
        }

        _redactor.Clear();
        if (policy is not null)
        {
            _redactor.Redact(_admission, Signal.Traces, request, policy);
        }

        try
        {
            return [.. _builder.Build(_admission, request, 1, MaxRecordBytes, _redactor.Written).ToArray().Select(Parse).OfType<TracesData>()];
        }
        catch (RefusedException)
        {
            return [];
        }
    }

    // Texts that are not UTF-8 are refused by the reference alone; then there is nothing to compare with.
    private static TracesData? Parse(SpanLogAppend record)
    {
        try
        {
            return TracesData.Parser.ParseFrom(record.Value.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[] Request(string text) => new TracesData
    {
        ResourceSpans =
        {
            new ResourceSpans
            {
                ScopeSpans =
                {
                    new ScopeSpans
                    {
                        Spans =
                        {
                            new Span
                            {
                                TraceId = ByteString.CopyFrom(Enumerable.Repeat((byte)1, 16).ToArray()), SpanId = ByteString.CopyFrom(Enumerable.Repeat((byte)2, 8).ToArray()), Name = text,
                                Attributes = { new KeyValue { Key = "gen_ai.input.messages", Value = new AnyValue { StringValue = text } }, new KeyValue { Key = "note", Value = new AnyValue { StringValue = text } } },
                            },
                        },
                    },
                },
            },
        },
    }.ToByteArray();

    private static IEnumerable<string> Texts() =>
    [
        """[{"role":"user","content":"Pay 4111 1111 1111 1111\nmail ann\u0040example.com"}]""", """{"card":4111111111111111,"iban":"DE89370400440532013000","n":[1.5,378282246310005]}""",
        """{"arguments":"{\"to\":\"ann@example.com\",\"card\":4111111111111111,\"s\":\"{\\\"ip\\\":\\\"203.0.113.7\\\"}\"}"}""", "call (415) 555-2671 or +44 20 7946 0958; password=hunter2! key AKIAIOSFODNN7EXAMPLE",
    ];
}
