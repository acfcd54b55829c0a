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
    private const int Batches = 250;
    private const int Spans = Records * SpanRecords.SpansInRecord;

    private byte[][][] _batches = [];
    private AttributeKeys _keys = null!;
    private SpanBatch _batch = null!;
    private SpanDecoder _decoder = null!;
    private IStage[] _stages = [];
    private CallRows _calls = null!;
    private SpanRows _spans = null!;
    private ArrayBufferWriter<byte> _output = null!;
    private int _next;

    /// <summary>Makes the records and the stages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        // More spans than the window remembers, so that none is a retry when its turn comes again.
        _batches = [.. Enumerable.Range(0, Batches).Select(_ => Enumerable.Range(0, Records).Select(_ => SpanRecords.Make()).ToArray())];
        _keys = new AttributeKeys();
        _batch = new SpanBatch(_keys);
        _decoder = new SpanDecoder(_batch);
        string prices = Path.Combine(AppContext.BaseDirectory, "prices");
        var book = PriceBook.Parse([.. Directory.GetFiles(prices, "*.json").Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]);
        _stages =
        [
            new NormalizeStage(_keys), new AttributeStage(new TraceWindow(100_000, 7)), new CountTokensStage(_keys), new TimeStage(TimeProvider.System), new PriceStage(() => book),
            new ScreenStage(_keys, new ScreenOptions()),
        ];
        var resource = new ResourceKeys(_keys);
        _calls = new CallRows(resource, 0);
        _spans = new SpanRows(resource, 0);
        _output = new ArrayBufferWriter<byte>(1 << 22);
    }

    /// <summary>Record to spans and attributes.</summary>
    [Benchmark(OperationsPerInvoke = Spans, Baseline = true)]
    public int Decode() => Run(0);

    /// <summary>And one meaning for every dialect.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNormalize() => Run(1);

    /// <summary>And which span is billed.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndAttribute() => Run(2);

    /// <summary>And tokens counted where none are reported, and times.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndCountTime() => Run(4);

    /// <summary>And the price.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndPrice() => Run(5);

    /// <summary>And what screening finds; these calls carry no messages.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndScreen() => Run(6);

    /// <summary>And the rows in columns.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndRows()
    {
        Run(6);
        return Fill();
    }

    /// <summary>And the bytes that ClickHouse gets.</summary>
    [Benchmark(OperationsPerInvoke = Spans)]
    public int AndNativeBlock()
    {
        Run(6);
        Fill();
        _output.ResetWrittenCount();
        _calls.Block.WriteTo(_output);
        _spans.Block.WriteTo(_output);
        return _output.WrittenCount;
    }

    private int Run(int stages)
    {
        _batch.Clear();
        byte[][] records = _batches[_next++ % Batches];
        for (int i = 0; i < records.Length; i++)
        {
            _decoder.Decode(records[i], i);
        }

        for (int i = 0; i < stages; i++)
        {
            _stages[i].Process(_batch);
        }

        return _batch.Count;
    }

    private int Fill()
    {
        _calls.Block.Clear();
        _spans.Block.Clear();
        foreach (SpanItem item in _batch.Items)
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

        return _calls.Block.RowCount;
    }
}
