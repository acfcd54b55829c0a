using System.Buffers.Binary;
using System.Diagnostics;

namespace Telemetry.SpanLog.Tests.Contract;

/// <summary>Writing and reading numbered records.</summary>
internal static class Reading
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static byte[] Value(long number, int bytes = 64)
    {
        byte[] value = new byte[Math.Max(bytes, 8)];
        new Random((int)number).NextBytes(value);
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        return value;
    }

    public static long Number(ReadOnlyMemory<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value.Span);

    public static async Task AppendAsync(ISpanLog log, int partition, params long[] numbers)
    {
        SpanLogAppend[] records = [.. numbers.Select(n => new SpanLogAppend(partition, Value(n)))];
        AppendResult result = await log.AppendAsync(SpanLogTopics.Spans, records, TestContext.Current.CancellationToken);
        Assert.Equal(AppendResult.Durable, result);
    }

    /// <summary>The first lane of the partition that the reader is given. Others are disposed at the end of the reader.</summary>
    public static async Task<ISpanLogLane> LaneAsync(ISpanLogReader reader, int partition)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (ISpanLogLane lane in reader.LanesAsync(limit.Token))
        {
            if (lane.Partition == partition)
            {
                return lane;
            }
        }

        throw new TimeoutException($"partition {partition} was not assigned within {Limit}");
    }

    /// <summary>Reads until this many records were read (copied), or fails after the limit.</summary>
    public static async Task<List<SpanLogRecord>> ReadAsync(ISpanLogLane lane, int count)
    {
        long started = Stopwatch.GetTimestamp();
        var all = new List<SpanLogRecord>();
        var batch = new List<SpanLogRecord>();
        while (all.Count < count)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"only {all.Count} of {count} records within {Limit}");
            batch.Clear();
            await lane.ReadAsync(batch, count - all.Count, 1 << 20, TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
            all.AddRange(batch.Select(r => r with { Value = r.Value.ToArray() }));
            lane.Release();
        }

        return all;
    }
}
