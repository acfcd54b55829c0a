using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;

namespace Telemetry.Collector.Tests.Admit;

public class AdmissionTests
{
    private readonly CollectorLimits _limits = new() { MaxDepth = 4, MaxAttributes = 5, MaxAttributeBytes = 64, MaxItems = 3, MaxResourceBytes = 256 };

    [Theory]
    [InlineData(0, 8, "trace_id")]
    [InlineData(15, 8, "trace_id")]
    [InlineData(17, 8, "trace_id")]
    [InlineData(16, 0, "span_id")]
    [InlineData(16, 7, "span_id")]
    [InlineData(16, 9, "span_id")]
    public void A_span_with_an_id_of_the_wrong_length_is_rejected_by_name(int traceBytes, int spanBytes, string reason)
    {
        Span span = Payloads.GenAi(1, 1);
        span.TraceId = ByteString.CopyFrom(Enumerable.Repeat((byte)1, traceBytes).ToArray());
        span.SpanId = ByteString.CopyFrom(Enumerable.Repeat((byte)1, spanBytes).ToArray());
        AssertRejected(span, reason, "allowed:");
    }

    [Theory]
    [InlineData(true, "trace_id")]
    [InlineData(false, "span_id")]
    public void A_span_with_an_all_zero_id_is_rejected(bool trace, string reason)
    {
        Span span = Payloads.GenAi(1, 1);
        span.TraceId = trace ? ByteString.CopyFrom(new byte[16]) : span.TraceId;
        span.SpanId = trace ? span.SpanId : ByteString.CopyFrom(new byte[8]);
        AssertRejected(span, reason, "all zero");
    }

    [Fact]
    public void Nesting_is_taken_at_the_limit_and_rejected_one_above()
    {
        AssertTaken(With(Payloads.Nested(4)));
        AssertRejected(With(Payloads.Nested(5)), "depth", "5 deep; allowed: 4");
    }

    [Fact]
    public void The_number_of_attributes_is_taken_at_the_limit_and_rejected_one_above()
    {
        AssertTaken(Payloads.Span(1, 1, [.. Enumerable.Range(0, 5).Select(i => ($"gen_ai.{i}", "v"))]));
        AssertRejected(Payloads.Span(1, 1, [.. Enumerable.Range(0, 6).Select(i => ($"gen_ai.{i}", "v"))]), "attributes", "6 attributes; allowed: 5");
    }

    [Fact]
    public void The_length_of_an_attribute_is_taken_at_the_limit_and_rejected_one_above()
    {
        // KeyValue: key tag, length, 8 bytes; value tag and length; AnyValue: string tag and length.
        const int Overhead = 2 + 8 + 2 + 2;
        AssertTaken(Payloads.Span(1, 1, ("gen_ai.x", new string('a', 64 - Overhead))));
        AssertRejected(Payloads.Span(1, 1, ("gen_ai.x", new string('a', 65 - Overhead))), "attribute_bytes", "65 bytes; allowed: 64");
    }

    [Fact]
    public void The_number_of_spans_is_taken_at_the_limit_and_the_request_refused_one_above()
    {
        Admission admission = Read(Payloads.Request([.. Enumerable.Range(0, 3).Select(i => Payloads.GenAi(1, i))]));
        Assert.Equal(3, admission.ItemCount);
        var over = new Admission(_limits, keepAll: false, 4);
        Assert.False(over.TryRead(Signal.Traces, Payloads.Request([.. Enumerable.Range(0, 4).Select(i => Payloads.GenAi(1, i))]).ToByteArray()));
        Assert.Contains("MaxItems", over.Malformed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resource_over_its_limit_rejects_its_own_spans_only()
    {
        TracesData data = Payloads.Request(Payloads.GenAi(1, 1));
        ResourceSpans large = Payloads.Request(Payloads.GenAi(2, 2), Payloads.GenAi(2, 3)).ResourceSpans[0];
        large.SchemaUrl = new string('u', 256);
        data.ResourceSpans.Add(large);
        Admission admission = Read(data);
        Assert.Equal((1, 2, "resource"), (admission.ItemCount, admission.Rejected, admission.RejectionReason));
    }

    [Fact]
    public void A_span_without_a_marker_is_let_go_unless_all_are_kept()
    {
        byte[] request = Payloads.Request(Payloads.Span(1, 1, ("http.request.method", "GET")), Payloads.GenAi(1, 2)).ToByteArray();
        var admission = new Admission(_limits, keepAll: false, 4);
        Assert.True(admission.TryRead(Signal.Traces, request));
        Assert.Equal((1, 1, 0), (admission.ItemCount, admission.LetGo, admission.Rejected));
        var all = new Admission(_limits, keepAll: true, 4);
        Assert.True(all.TryRead(Signal.Traces, request));
        Assert.Equal((2, 0), (all.ItemCount, all.LetGo));
    }

    [Fact]
    public void A_scope_that_stands_behind_its_spans_marks_them_too()
    {
        Span span = Payloads.Span(1, 1, ("model", "claude"));
        byte[] scope = [.. Field(2, span.ToByteArray()), .. Field(1, new InstrumentationScope { Name = "pydantic-ai" }.ToByteArray())];
        var admission = new Admission(_limits, keepAll: false, 4);
        Assert.True(admission.TryRead(Signal.Traces, Field(1, Field(2, scope))));
        Assert.Equal(1, admission.ItemCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_record_is_known_as_an_event_by_its_name_or_by_the_older_attribute(bool attribute)
    {
        var record = new LogRecord { EventName = attribute ? "" : "gen_ai.choice" };
        if (attribute)
        {
            record.Attributes.Add(new KeyValue { Key = "event.name", Value = new AnyValue { StringValue = "gen_ai.choice" } });
        }

        var logs = new LogsData { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { record, new LogRecord { EventName = "click" } } } } } } };
        var admission = new Admission(_limits, keepAll: false, 4);
        Assert.True(admission.TryRead(Signal.Logs, logs.ToByteArray()));
        Assert.Equal((1, 1, 0), (admission.ItemCount, admission.LetGo, admission.Rejected));
    }

    [Fact]
    public void An_empty_request_is_taken() => Assert.Equal(0, Read(new TracesData()).ItemCount);

    [Fact]
    public void Every_span_of_the_real_exporters_is_kept()
    {
        foreach ((string name, byte[] body) in Payloads.Captures("bin"))
        {
            var admission = new Admission(new CollectorLimits(), keepAll: false, 4);
            Assert.True(admission.TryRead(Signal.Traces, body), name);
            Assert.Equal(TracesData.Parser.ParseFrom(body).Spans().Count(), admission.ItemCount);
        }
    }

    private static byte[] Field(int number, byte[] value)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
        output.Flush();
        return bytes.ToArray();
    }

    private static Span With(AnyValue value)
    {
        Span span = Payloads.GenAi(1, 1);
        span.Attributes.Add(new KeyValue { Key = "gen_ai.v", Value = value });
        return span;
    }

    private Admission Read(TracesData data)
    {
        var admission = new Admission(_limits, keepAll: false, 4);
        Assert.True(admission.TryRead(Signal.Traces, data.ToByteArray()), admission.Malformed);
        return admission;
    }

    private void AssertTaken(Span span) => Assert.Equal((1, 0), (Read(Payloads.Request(span)).ItemCount, Read(Payloads.Request(span)).Rejected));

    private void AssertRejected(Span span, string reason, string message)
    {
        Admission admission = Read(Payloads.Request(span, Payloads.GenAi(9, 9)));
        Assert.Equal((1, 1, reason), (admission.ItemCount, admission.Rejected, admission.RejectionReason));
        Assert.Contains(message, admission.RejectedBecause, StringComparison.Ordinal);
    }
}
