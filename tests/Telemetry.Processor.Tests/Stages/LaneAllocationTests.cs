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
using Telemetry.Processor.Write;
using Telemetry.TestKit;

namespace Telemetry.Processor.Tests.Stages;

/// <summary>In steady state the whole way of a span, from the bytes of its record to its row in columns, leaves nothing behind for the garbage collector.</summary>
public sealed class LaneAllocationTests
{
    private const int SpansInRecord = 100;
    private const int RecordsInBatch = 5;
    private const int Batches = 6;

    [Fact]
    public void A_batch_of_calls_and_their_agents_allocates_nothing()
    {
        // Fewer spans are remembered than there are in the other batches, so that none is known when its turn comes again.
        byte[][] records = [.. Enumerable.Range(0, Batches * RecordsInBatch).Select(Record)];
        var keys = new AttributeKeys();
        var messages = new CallMessages(keys);
        var writer = new BatchWriter(null!, null!, keys, messages, 0, 1);
        PriceBook book = StageRun.Prices;
        int next = 0;
        var line = new StageLine(
            new SpanBatch(keys), new NormalizeStage(keys), new AttributeStage(new TraceWindow(2 * RecordsInBatch * SpansInRecord, 7)),
            [new CountTokensStage(messages), new TimeStage(TimeProvider.System), new PriceStage(() => book), new ScreenStage(messages, new ScreenOptions())], writer);
        for (int i = 0; i < Batches; i++)
        {
            RunBatch();
        }

        Assert.Equal(0, Allocations.Fewest(RunBatch));
        Assert.Equal(RecordsInBatch * SpansInRecord, line.Count);
        Assert.Equal(0, line.Decisions.Duplicates);

        void RunBatch()
        {
            line.Clear();
            for (int i = 0; i < RecordsInBatch; i++)
            {
                Assert.Null(line.Decode(records[next++ % records.Length], offset: i));
            }

            line.Finish(noted: null);
        }
    }

    // Traces of an agent that repeats the usage of nine calls.
    private static byte[] Record(int number)
    {
        const int SpansInTrace = 10;
        var spans = new Span[SpansInRecord];
        for (int i = 0; i < spans.Length; i++)
        {
            bool isAgent = i % SpansInTrace == 0;
            Span span = StageRun.Chat(
                ("gen_ai.operation.name", isAgent ? "invoke_agent" : "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
                ("gen_ai.response.id", $"chatcmpl-{number}-{i}"), ("gen_ai.usage.input_tokens", 1200), ("gen_ai.usage.output_tokens", 300), ("gen_ai.usage.cache_read.input_tokens", 1000),
                ("gen_ai.response.finish_reasons", new[] { "stop" }), ("user.id", "user-42"), ("team", "search"));
            span.TraceId = Id(16, number, i / SpansInTrace);
            span.SpanId = Id(8, number, i);
            span.ParentSpanId = isAgent ? ByteString.Empty : Id(8, number, i - (i % SpansInTrace));
            spans[i] = span;
        }

        return StageRun.Record(spans);
    }

    private static ByteString Id(int length, int record, int number)
    {
        byte[] id = new byte[length];
        BitConverter.TryWriteBytes(id, record + 1);
        BitConverter.TryWriteBytes(id.AsSpan(4), number + 1);
        return ByteString.CopyFrom(id);
    }
}
