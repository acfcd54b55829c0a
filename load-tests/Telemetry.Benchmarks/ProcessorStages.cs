using System.Buffers;
using BenchmarkDotNet.Attributes;
using Telemetry.Contracts.Prices;
using Telemetry.Processor;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.CountTokens;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Price;
using Telemetry.Processor.Screen;
using Telemetry.Processor.Time;
using Telemetry.Processor.Write;

namespace Telemetry.Benchmarks;

/// <summary>From span log record to Native block, one stage more with each method: the difference of two lines is the cost of a stage. Figures are per span.</summary>
[MemoryDiagnoser]
public class ProcessorStages
{
    private const int Records = 10;
    private const int Spans = Records * SpanRecords.SpansInRecord;
    private const int SpansMade = 250_000;

    private readonly int _records;
    private byte[][][] _batches = [];
    private AttributeKeys _keys = null!;
    private SpanBatch _batch = null!;
    private SpanDecoder _decoder = null!;
    private NormalizeStage _normalize = null!;
    private StageLine[] _lines = [];
    private TwoTables _rows = null!;
    private ArrayBufferWriter<byte> _output = null!;
    private int _next;

    /// <summary>Batches of a thousand spans.</summary>
    public ProcessorStages()
        : this(Records)
    {
    }

    /// <summary>Batches of so many records.</summary>
    internal ProcessorStages(int records) => _records = records;

    /// <summary>Makes the records and the stages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        // More spans than the window remembers, so that none is a retry when its turn comes again.
        _batches = [.. Enumerable.Range(0, SpansMade / SpanRecords.SpansInRecord / _records).Select(_ => Enumerable.Range(0, _records).Select(_ => SpanRecords.Make()).ToArray())];
        _keys = new AttributeKeys();
        _batch = new SpanBatch(_keys);
        _decoder = new SpanDecoder(_batch);
        string prices = Path.Combine(AppContext.BaseDirectory, "prices");
        var book = PriceBook.Parse([.. Directory.GetFiles(prices, "*.json").Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]);
        _normalize = new NormalizeStage(_keys);
        var attribute = new AttributeStage(new TraceWindow(100_000, 7));
        var messages = new CallMessages(_keys);
        IStage[] completion = [new CountTokensStage(messages), new TimeStage(TimeProvider.System), new PriceStage(() => book), new ScreenStage(messages, new ScreenOptions())];
        _lines = [.. Enumerable.Range(0, completion.Length + 1).Select(n => new StageLine(_batch, _normalize, attribute, completion[..n], new NoRows()))];
        _rows = new TwoTables(new ResourceKeys(_keys));
        _lines = [.. _lines, new StageLine(_batch, _normalize, attribute, completion, _rows)];
        _output = new ArrayBufferWriter<byte>(1 << 22);
    }

    /// <summary>Record to spans and attributes.</summary>
    [Benchmark(OperationsPerInvoke = Spans, Baseline = true)]
    public int Decode() => Arrive(() => { });

    /// <summary>And one meaning for every dialect.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNormalize() => Arrive(() => _normalize.Process(_batch.Items));

    /// <summary>And which span is billed.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndAttribute() => Run(0);

    /// <summary>And tokens counted where none are reported, and times.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndCountTime() => Run(2);

    /// <summary>And the price.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndPrice() => Run(3);

    /// <summary>And what screening finds; these calls carry no messages.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndScreen() => Run(4);

    /// <summary>And the rows in columns.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndRows() => Run(5);

    /// <summary>And the bytes that ClickHouse gets.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNativeBlock()
    {
        Run(5);
        _output.ResetWrittenCount();
        _rows.Calls.Block.WriteTo(_output);
        _rows.Spans.Block.WriteTo(_output);
        return _output.WrittenCount;
    }

    private int Arrive(Action decoded)
    {
        int spans = 0;
        byte[][] records = Next();
        for (int i = 0; i < records.Length; i++)
        {
            _batch.Clear();
            _decoder.Decode(records[i], i);
            decoded();
            spans += _batch.Count;
        }

        return spans;
    }

    private int Run(int line)
    {
        StageLine stages = _lines[line];
        stages.Clear();
        byte[][] records = Next();
        for (int i = 0; i < records.Length; i++)
        {
            stages.Decode(records[i], i);
        }

        stages.Finish(noted: null);
        return stages.Count;
    }

    private byte[][] Next() => _batches[_next++ % _batches.Length];

    private sealed class NoRows : ISpanRows
    {
        public void Clear()
        {
            // Nothing is kept.
        }

        public void Append(ReadOnlySpan<SpanItem> items)
        {
            // Nothing is kept.
        }

        public void Remove(IReadOnlyCollection<int> indexes)
        {
            // Nothing is kept.
        }
    }

    private sealed class TwoTables(ResourceKeys keys) : ISpanRows
    {
        public CallRows Calls { get; } = new(keys, 0);

        public SpanRows Spans { get; } = new(keys, 0);

        public void Clear()
        {
            Calls.Block.Clear();
            Spans.Block.Clear();
        }

        public void Append(ReadOnlySpan<SpanItem> items)
        {
            foreach (SpanItem item in items)
            {
                if (item.IsCall)
                {
                    Calls.Append(item);
                }
                else
                {
                    Spans.Append(item);
                }
            }
        }

        public void Remove(IReadOnlyCollection<int> indexes) => throw new NotSupportedException("no span of these is anything else than what it says");
    }
}
