using System.Buffers;
using BenchmarkDotNet.Attributes;
using Telemetry.Contracts.Prices;
using Telemetry.Processor;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.CountTokens;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
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
    private CallRows _calls = null!;
    private SpanRows _spans = null!;
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
        IStage[] completion = [new CountTokensStage(_keys), new TimeStage(TimeProvider.System), new PriceStage(() => book), new ScreenStage(_keys, new ScreenOptions())];
        _lines = [.. Enumerable.Range(0, completion.Length + 1).Select(n => new StageLine(_batch, [_normalize], attribute, completion[..n]))];
        var resource = new ResourceKeys(_keys);
        _calls = new CallRows(resource, 0);
        _spans = new SpanRows(resource, 0);
        _output = new ArrayBufferWriter<byte>(1 << 22);
    }

    /// <summary>Record to spans and attributes.</summary>
    [Benchmark(OperationsPerInvoke = Spans, Baseline = true)]
    public int Decode() => Arrive(_ => { });

    /// <summary>And one meaning for every dialect.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNormalize() => Arrive(first => _normalize.Process(_batch.Items[first..]));

    /// <summary>And which span is billed.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndAttribute() => Run(0, _ => { });

    /// <summary>And tokens counted where none are reported, and times.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndCountTime() => Run(2, _ => { });

    /// <summary>And the price.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndPrice() => Run(3, _ => { });

    /// <summary>And what screening finds; these calls carry no messages.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndScreen() => Run(4, _ => { });

    /// <summary>And the rows in columns.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndRows()
    {
        _calls.Block.Clear();
        _spans.Block.Clear();
        return Run(4, Append);
    }

    /// <summary>And the bytes that ClickHouse gets.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNativeBlock()
    {
        AndRows();
        _output.ResetWrittenCount();
        _calls.Block.WriteTo(_output);
        _spans.Block.WriteTo(_output);
        return _output.WrittenCount;
    }

    private int Arrive(Action<int> record)
    {
        _batch.Clear();
        byte[][] records = Next();
        for (int i = 0; i < records.Length; i++)
        {
            int first = _batch.Count;
            _decoder.Decode(records[i], i);
            record(first);
        }

        return _batch.Count;
    }

    private int Run(int stages, Action<ReadOnlySpan<SpanItem>> rows)
    {
        StageLine line = _lines[stages];
        line.Clear();
        byte[][] records = Next();
        for (int i = 0; i < records.Length; i++)
        {
            line.Decode(records[i], i);
        }

        line.Finish(noted: null, rows);
        return _batch.Count;
    }

    private byte[][] Next() => _batches[_next++ % _batches.Length];

    private void Append(ReadOnlySpan<SpanItem> items)
    {
        foreach (SpanItem item in items)
        {
            if (item.IsCall)
            {
                _calls.Append(item);
            }
            else
            {
                _spans.Append(item);
            }
        }
    }
}
