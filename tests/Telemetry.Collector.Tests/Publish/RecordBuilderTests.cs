using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Tests.Support;
using Telemetry.Contracts.Spans;
using Telemetry.Otlp;
using Telemetry.TestKit;

namespace Telemetry.Collector.Tests.Publish;

public class RecordBuilderTests
{
    [Fact]
    public void Spans_are_neither_lost_nor_doubled_nor_reordered_within_a_trace()
    {
        // Traces of each group of spans; every list is a scope of its own resource.
        Gen<int[][]> requests = Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 40)));
        Check.QuickThrowOnFailure(Prop.ForAll(requests.ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(1_000, 5_000).ToArbitrary(), (groups, partitions, max) =>
        {
            int id = 0;
            var data = new TracesData { ResourceSpans = { groups.Select(g => Payloads.Request([.. g.Select(t => Payloads.GenAi(t, id++))]).ResourceSpans[0]) } };
            List<(int Partition, TracesData Data)> records = Build(data, partitions, max, out Admission admission);
            Assert.Equal(0, admission.Rejected);
            var found = records.SelectMany(r => r.Data.Spans().Select(s => (r.Partition, Span: s))).ToList();
            Assert.All(found, f => Assert.Equal(TracePartitioner.PartitionOf(f.Span.TraceId.Span, partitions), f.Partition));
            Assert.All(records, r => Assert.All(r.Data.ResourceSpans, g => Assert.Equal("shop", g.Resource.Attributes[0].Value.StringValue)));
            foreach (IGrouping<ByteString, Span> trace in data.Spans().GroupBy(s => s.TraceId))
            {
                Assert.Equal(trace, found.Where(f => f.Span.TraceId.Equals(trace.Key)).Select(f => f.Span));
            }

            Assert.Equal(data.Spans().Count(), found.Count);
        }));
    }

    [Fact]
    public void The_bytes_of_a_span_are_kept_exactly_even_those_of_unknown_fields()
    {
        byte[] span = [.. Payloads.GenAi(3, 1).ToByteArray(), 0xFA, 0x3F, 0x03, 1, 2, 3];
        byte[] request = Payloads.Request(Span.Parser.ParseFrom(span)).ToByteArray();
        byte[] record = Assert.Single(BuildRaw(request, 4, 1 << 20, out _)).Value;
        Assert.True(record.AsSpan().IndexOf(span) > 0);
    }

    [Fact]
    public void A_span_that_fits_no_record_is_rejected_and_its_neighbours_are_kept()
    {
        TracesData data = Payloads.Request(Payloads.GenAi(1, 1), Payloads.Span(1, 2, ("gen_ai.x", new string('a', 5_000))), Payloads.GenAi(1, 3));
        List<(int Partition, TracesData Data)> records = Build(data, 4, 4_000, out Admission admission);
        Assert.Equal((1, "record_bytes"), (admission.Rejected, admission.RejectionReason));
        Assert.Equal(2, records.Sum(r => r.Data.Spans().Count()));
    }

    [Fact]
    public void A_request_that_would_be_repeated_out_of_proportion_is_refused()
    {
        TracesData data = Payloads.Request([.. Enumerable.Range(0, 2_000).Select(i => Payloads.GenAi(1, i))]);
        data.ResourceSpans[0].SchemaUrl = new string('u', 60_000);

        // Every record has room for the resource and one or two spans only.
        Assert.Throws<RefusedException>(() => Build(data, 1, 60_600, out _));
    }

    [Fact]
    public void Admitting_and_slicing_allocates_nothing_for_a_span()
    {
        byte[] request = Payloads.LlmShaped(100).ToByteArray();
        var admission = new Admission(new CollectorLimits(), keepAll: false, 12);
        using var builder = new RecordBuilder();
        for (int i = 0; i < 50; i++)
        {
            Run();
        }

        Assert.Equal(0, Allocations.Fewest(Run));

        void Run()
        {
            if (!admission.TryRead(Signal.Traces, request) || builder.Build(admission, request, 12, 1 << 20).Length == 0)
            {
                throw new InvalidOperationException("not taken");
            }
        }
    }

    private static List<(int Partition, TracesData Data)> Build(TracesData data, int partitions, int max, out Admission admission) =>
        [.. BuildRaw(data.ToByteArray(), partitions, max, out admission).Select(r => (r.Partition, TracesData.Parser.ParseFrom(r.Value)))];

    private static List<(int Partition, byte[] Value)> BuildRaw(byte[] request, int partitions, int max, out Admission admission)
    {
        admission = new Admission(new CollectorLimits(), keepAll: false, partitions);
        Assert.True(admission.TryRead(Signal.Traces, request), admission.Malformed);
        using var builder = new RecordBuilder();
        List<(int Partition, byte[] Value)> records = [.. builder.Build(admission, request, partitions, max).ToArray().Select(r => (r.Partition, r.Value.ToArray()))];
        Assert.All(records, r => Assert.InRange(r.Value.Length, 1, max));
        return records;
    }
}
