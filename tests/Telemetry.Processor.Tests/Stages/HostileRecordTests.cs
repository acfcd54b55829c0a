using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Tests.Stages;

public sealed class HostileRecordTests
{
    private static readonly byte[] Record = StageRun.Record(
        StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.usage.input_tokens", 10)),
        StageRun.Chat(("gen_ai.operation.name", "execute_tool"), ("gen_ai.response.finish_reasons", new[] { "stop" })));

    private readonly StageRun _run = new();

    [Fact]
    public void A_record_cut_anywhere_is_decoded_as_the_reference_would_or_refused_whole()
    {
        for (int length = 0; length < Record.Length; length++)
        {
            string? error = _run.Run(Record.AsMemory(0, length));

            Assert.Equal(CanBeParsed(Record.AsSpan(0, length).ToArray()), error is null);
            Assert.True(error is null || _run.Batch.Count == 0);
        }
    }

    [Fact]
    public void Changed_bytes_never_throw() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int Position, byte Value)[]>(),
        changes =>
        {
            byte[] record = [.. Record];
            foreach ((int position, byte value) in changes)
            {
                record[(int)((uint)position % (uint)record.Length)] = value;
            }

            string? error = _run.Run(record);
            return error is null || _run.Batch.Count == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void A_span_with_a_bad_id_refuses_its_record()
    {
        Span span = StageRun.Chat();
        span.TraceId = ByteString.CopyFrom(1, 2, 3);

        Assert.Equal("Span.trace_id or span_id is not valid", _run.Run(StageRun.Record(span)));
    }

    [Fact]
    public void An_enum_of_more_than_32_bits_is_cut_as_the_reference_cuts_it()
    {
        // kind and status.code, the last of their fields in the message count.
        byte[] extra = [0x30, 0x83, 0x80, 0x80, 0x80, 0x10, 0x7A, 7, 0x18, 0x82, 0x80, 0x80, 0x80, 0x80, 0x02];
        byte[] span = [.. StageRun.Chat(("gen_ai.operation.name", "chat")).ToByteArray(), .. extra];
        Span reference = Span.Parser.ParseFrom(span);
        byte[] record = Wrapped(Wrapped(Wrapped(span, 2), 2), 1);

        Assert.Null(_run.Run(record));
        DecodedSpan ours = Assert.Single(_run.Batch.Items.ToArray()).Span;
        Assert.Equal((3, 2), ((int)reference.Kind, (int)reference.Status.Code));
        Assert.Equal((3, 2), (ours.Kind, ours.StatusCode));
    }

    private static byte[] Wrapped(byte[] message, int field)
    {
        var output = new MemoryStream();
        using (var coded = new CodedOutputStream(output))
        {
            coded.WriteTag(field, WireFormat.WireType.LengthDelimited);
            coded.WriteBytes(ByteString.CopyFrom(message));
        }

        return output.ToArray();
    }

    // The reference takes spans without ids; we do not.
    private static bool CanBeParsed(byte[] record)
    {
        try
        {
            return TracesData.Parser.ParseFrom(record).ResourceSpans.SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans)
                .All(s => s.TraceId.Length == 16 && s.SpanId.Length == 8);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
