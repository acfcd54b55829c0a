using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen;

namespace Telemetry.Benchmarks;

/// <summary>What screening costs a call: without messages, with an ordinary question and answer of 2 KB, with a conversation of 50 KB, and with one of 1 MB.</summary>
[MemoryDiagnoser]
public class ScreenCost
{
    private SpanBatch _batch = null!;
    private ScreenStage _stage = null!;
    private ScreenedCall _call = null!;

    /// <summary>Bytes of messages; 0 for a call that carries none.</summary>
    [Params(0, 2_000, 50_000, 1_000_000)]
    public int Bytes { get; set; }

    /// <summary>Makes the call.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var keys = new AttributeKeys();
        _batch = new SpanBatch(keys);
        var normalize = new NormalizeStage(keys);
        var messages = new CallMessages(keys);
        _stage = new ScreenStage(messages, new ScreenOptions());
        _call = new ScreenedCall(messages, new ScreenOptions().MaxBytes);
        new SpanDecoder(_batch).Decode(SpanRecords.One(Bytes == 0 ? null : Messages("user", Bytes / 2), Bytes == 0 ? null : Messages("assistant", Bytes / 2)), 0);
        normalize.Process(_batch.Items);
        _batch.Items[0].IsCall = true;
    }

    /// <summary>The stage as it runs in the lane.</summary>
    [Benchmark]
    public int Stage()
    {
        _batch.Items[0].Call.Hits.Clear();
        _batch.Items[0].Call.Flags.Clear();
        _batch.Items[0].Use++;
        _stage.Process(_batch.Items);
        return _batch.Items[0].Call.Hits.Count;
    }

    /// <summary>Of that, bringing the messages into one shape and gathering their texts.</summary>
    [Benchmark]
    public bool Read()
    {
        _batch.Items[0].Use++;
        _call.Take(_batch.Items[0]);
        return _call.TryRead();
    }

    private static string Messages(string role, int bytes)
    {
        string text = string.Concat(Enumerable.Range(0, (bytes / 90) + 1).Select(i => $"In week {i} the team shipped what it had promised, and nobody had anything to add to it.\n"));
        return JsonSerializer.Serialize(new[] { new { role, parts = new[] { new { type = "text", content = text } } } });
    }
}
