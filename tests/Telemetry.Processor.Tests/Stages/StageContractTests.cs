using System.Buffers;
using Google.Protobuf;
using Telemetry.ClickHouse.NativeFormat;
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

namespace Telemetry.Processor.Tests.Stages;

/// <summary>What every stage keeps, on all that real libraries sent: nothing lost, the same for the same, whatever the order.</summary>
public sealed class StageContractTests
{
    private const int Orders = 3;

    private static readonly Lazy<PriceBook> Book = new(() => PriceBook.Parse(
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "prices"), "*.json").Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]));

    public static TheoryData<int> Stages => [.. Enumerable.Range(0, new Line().Stages.Count)];

    public static TheoryData<string> Captures => [.. CaptureFiles().Select(f => Path.GetRelativePath(CaptureRoot, f))];

    private static string CaptureRoot => Path.Combine(AppContext.BaseDirectory, "Captures");

    [Theory]
    [MemberData(nameof(Stages))]
    public void An_empty_batch_stays_empty(int stage)
    {
        var line = new Line();

        line.Stages[stage].Process(line.Batch.Items);

        Assert.Equal(0, line.Batch.Count);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_neither_adds_nor_removes_spans_nor_changes_their_order(int stage)
    {
        foreach (string file in CaptureFiles())
        {
            var line = new Line();
            line.Decode(File.ReadAllBytes(file));
            foreach (IStage before in line.Stages.Take(stage))
            {
                before.Process(line.Batch.Items);
            }

            string[] ids = [.. line.Batch.Items.ToArray().Select(Id)];
            line.Stages[stage].Process(line.Batch.Items);

            Assert.Equal(ids, line.Batch.Items.ToArray().Select(Id));
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_span_is_a_row_or_a_duplicate_and_the_same_spans_give_the_same_rows(string capture)
    {
        byte[] record = File.ReadAllBytes(Path.Combine(CaptureRoot, capture));
        var line = new Line();
        List<string> first = line.Run(record);

        Assert.Equal(line.Count, first.Count + line.Dropped);
        Assert.Equal(first, new Line().Run(record));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Spans_that_come_again_are_dropped_all(string capture)
    {
        byte[] record = File.ReadAllBytes(Path.Combine(CaptureRoot, capture));
        var line = new Line();
        line.Run(record);

        Assert.Empty(line.Run(record));
        Assert.Equal(line.Count, line.Dropped);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void The_order_of_the_spans_of_a_batch_makes_no_difference(string capture)
    {
        TracesData[] spans = [.. Single(TracesData.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(CaptureRoot, capture))))];
        List<string> expected = [.. new Line().Run(Join(spans)).Order(StringComparer.Ordinal)];
        for (int seed = 0; seed < Orders; seed++)
        {
            var random = new Random(seed);
            TracesData[] shuffled = [.. spans];
            random.Shuffle(shuffled);

            Assert.Equal(expected, new Line().Run(Join(shuffled)).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Spans_in_a_record_each_give_the_rows_that_they_give_in_one(string capture)
    {
        TracesData[] spans = [.. Single(TracesData.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(CaptureRoot, capture))))];

        Assert.Equal(new Line().Run(Join(spans)), new Line().Run([.. spans.Select(s => s.ToByteArray())]));
    }

    private static IEnumerable<string> CaptureFiles() => Directory.EnumerateFiles(CaptureRoot, "*.bin", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Id(SpanItem item) => Convert.ToHexString(item.Span.TraceId.Span) + Convert.ToHexString(item.Span.SpanId.Span);

    // Each span alone with its resource and scope; of one that was sent twice only the first.
    private static IEnumerable<TracesData> Single(TracesData data)
    {
        var seen = new HashSet<(ByteString, ByteString)>();
        foreach (ResourceSpans resource in data.ResourceSpans)
        {
            foreach (ScopeSpans scope in resource.ScopeSpans)
            {
                foreach (Span span in scope.Spans.Where(s => seen.Add((s.TraceId, s.SpanId))))
                {
                    var alone = new ScopeSpans { Scope = scope.Scope, SchemaUrl = scope.SchemaUrl, Spans = { span } };
                    yield return new TracesData { ResourceSpans = { new ResourceSpans { Resource = resource.Resource, SchemaUrl = resource.SchemaUrl, ScopeSpans = { alone } } } };
                }
            }
        }
    }

    private static byte[] Join(TracesData[] spans)
    {
        var all = new TracesData();
        foreach (TracesData span in spans)
        {
            all.MergeFrom(span);
        }

        return all.ToByteArray();
    }

    /// <summary>The stages of one lane, in their order, and the rows that come out.</summary>
    private sealed class Line
    {
        private readonly AttributeKeys _keys = new();
        private readonly StageLine _all;
        private readonly TextRows _rows;

        public Line()
        {
            var normalize = new NormalizeStage(_keys);
            var attribute = new AttributeStage(new TraceWindow(4096, 1));
            var messages = new CallMessages(_keys);
            IStage[] completion = [new CountTokensStage(messages), new TimeStage(new StillTime()), new PriceStage(() => Book.Value), new ScreenStage(messages, new ScreenOptions())];
            Stages = [normalize, attribute, .. completion];
            Batch = new SpanBatch(_keys);
            _rows = new TextRows(new ResourceKeys(_keys));
            _all = new StageLine(new SpanBatch(_keys), normalize, attribute, completion, _rows);
        }

        public SpanBatch Batch { get; }

        public IReadOnlyList<IStage> Stages { get; }

        public int Count => _all.Count;

        public int Dropped { get; private set; }

        public void Decode(byte[] record)
        {
            Batch.Clear();
            Assert.Null(new SpanDecoder(Batch).Decode(record, offset: 1));
        }

        /// <summary>One text for each row: its table and its bytes.</summary>
        public List<string> Run(params byte[][] records)
        {
            _all.Clear();
            foreach (byte[] record in records)
            {
                Assert.Null(_all.Decode(record, offset: 1));
            }

            _all.Finish(noted: null);
            Dropped = _all.Count - _rows.All.Count;
            return [.. _rows.All.Values];
        }
    }

    /// <summary>Rows as texts, in the order of the spans.</summary>
    private sealed class TextRows(ResourceKeys keys) : ISpanRows
    {
        private readonly CallRows _calls = new(keys, 0);
        private readonly SpanRows _spans = new(keys, 0);

        public SortedDictionary<int, string> All { get; } = [];

        public void Clear() => All.Clear();

        public void Append(ReadOnlySpan<SpanItem> items)
        {
            foreach (SpanItem item in items)
            {
                _calls.Block.Clear();
                _spans.Block.Clear();
                if (item.IsCall)
                {
                    _calls.Append(item);
                }
                else
                {
                    _spans.Append(item);
                }

                All.Add(item.Index, $"{(item.IsCall ? "llm_calls" : "llm_spans")} {Id(item)} {Text(item.IsCall ? _calls.Block : _spans.Block)}");
            }
        }

        public void Remove(IReadOnlyCollection<int> indexes)
        {
            foreach (int index in indexes)
            {
                Assert.True(All.Remove(index), $"span {index} has no row that could be taken back");
            }
        }

        private static string Text(NativeBlock block)
        {
            Assert.Equal(1, block.RowCount);
            var output = new ArrayBufferWriter<byte>();
            block.WriteTo(output);
            return Convert.ToBase64String(output.WrittenSpan);
        }
    }

    private sealed class StillTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => StageRun.Start;
    }
}
