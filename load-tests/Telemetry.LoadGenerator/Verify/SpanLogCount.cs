using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Contracts.Spans;
using Telemetry.Contracts.Wire;
using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Run;
using Telemetry.LoadGenerator.Send;
using Telemetry.SpanLog;

namespace Telemetry.LoadGenerator.Verify;

/// <summary>
/// Reads back the span log that a Collector leaves behind, and counts which spans are missing, there more than once, or in a partition that is
/// not their trace's.
/// </summary>
internal sealed class SpanLogCount(RunIds ids, RequestLedger ledger, int spans, long requests, TimeSpan quiet)
{
    private const int BitsOfWord = 64;
    private const int MostRecords = 1000;
    private const int MostBytes = 16 << 20;
    private static readonly TimeSpan ReadWait = TimeSpan.FromMilliseconds(500);

    // One bit a span. Ids are numbers in disguise, so that it needs no table of ids.
    private readonly ulong[] _seen = new ulong[(requests * spans / BitsOfWord) + 1];
    private long _found;
    private long _again;
    private long _misplaced;
    private long _lastRead;

    /// <summary>Reads until every acknowledged span was seen and nothing more comes, or until nothing comes for a while.</summary>
    public async Task<VerificationResult> RunAsync(SpanLogOptions options, CancellationToken cancellation)
    {
        await using ISpanLog log = SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
        await log.StartAsync(cancellation);
        await using ISpanLogReader reader = log.OpenReader("load-verification", [SpanLogTopics.Spans]);
        int partitions = log.PartitionCount(SpanLogTopics.Spans);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _lastRead = Stopwatch.GetTimestamp();
        Task reading = ReadAsync(reader, partitions, stop.Token);
        while (!reading.IsCompleted && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastRead)) < (IsComplete ? ReadWait : quiet))
        {
            await Task.Delay(ReadWait, cancellation);
        }

        await stop.CancelAsync();
        await reading;
        return Result();
    }

    private bool IsComplete => Volatile.Read(ref _found) - Volatile.Read(ref _again) >= ledger.Acknowledged * spans;

    private async Task ReadAsync(ISpanLogReader reader, int partitions, CancellationToken stop)
    {
        var lanes = new List<Task>();
        try
        {
            await foreach (ISpanLogLane lane in reader.LanesAsync(stop))
            {
                lanes.Add(Task.Run(() => ReadLaneAsync(lane, partitions, stop), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            // Everything was seen.
        }

        await Task.WhenAll(lanes);
    }

    private async Task ReadLaneAsync(ISpanLogLane lane, int partitions, CancellationToken stop)
    {
        await using (lane)
        {
            var records = new List<SpanLogRecord>();
            try
            {
                while (true)
                {
                    if (await lane.ReadAsync(records, MostRecords, MostBytes, ReadWait, stop) > 0)
                    {
                        records.ForEach(r => Count(r.Value.Span, lane.Partition, partitions));
                        records.Clear();
                        lane.Release();
                        Volatile.Write(ref _lastRead, Stopwatch.GetTimestamp());
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Everything was seen.
            }
        }
    }

    private void Count(ReadOnlySpan<byte> record, int partition, int partitions)
    {
        var request = new ProtobufReader(record);
        while (request.TryReadTag())
        {
            if (!Enter(ref request, OtlpFields.Request.Resources, out ReadOnlySpan<byte> group))
            {
                continue;
            }

            var resource = new ProtobufReader(group);
            while (resource.TryReadTag())
            {
                if (!Enter(ref resource, OtlpFields.ResourceGroup.Scopes, out ReadOnlySpan<byte> scopes))
                {
                    continue;
                }

                var scope = new ProtobufReader(scopes);
                while (scope.TryReadTag())
                {
                    if (Enter(ref scope, OtlpFields.ScopeGroup.Items, out ReadOnlySpan<byte> span))
                    {
                        CountSpan(span, partition, partitions);
                    }
                }
            }
        }
    }

    private void CountSpan(ReadOnlySpan<byte> span, int partition, int partitions)
    {
        ReadOnlySpan<byte> trace = default;
        ReadOnlySpan<byte> id = default;
        var reader = new ProtobufReader(span);
        while ((trace.IsEmpty || id.IsEmpty) && reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.Span.TraceId)
            {
                reader.TryReadBytes(out trace);
            }
            else
            {
                Enter(ref reader, OtlpFields.Span.SpanId, out id);
            }
        }

        if (!ids.TryGetNumber(id, requests * spans, out long number))
        {
            return;
        }

        Interlocked.Increment(ref _found);
        ulong bit = 1UL << (int)(number % BitsOfWord);
        if ((Interlocked.Or(ref _seen[number / BitsOfWord], bit) & bit) != 0)
        {
            Interlocked.Increment(ref _again);
        }

        if (TracePartitioner.PartitionOf(trace, partitions) != partition)
        {
            Interlocked.Increment(ref _misplaced);
        }
    }

    private static bool Enter(scoped ref ProtobufReader reader, int field, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (reader.FieldNumber == field && reader.WireType == WireType.LengthDelimited)
        {
            return reader.TryReadBytes(out value);
        }

        reader.TrySkip();
        return false;
    }

    private VerificationResult Result()
    {
        long missing = 0;
        for (long request = 0; request < requests; request++)
        {
            if (ledger[request] == SendOutcome.Acknowledged)
            {
                for (long span = request * spans; span < (request + 1) * spans; span++)
                {
                    missing += (_seen[span / BitsOfWord] >> (int)(span % BitsOfWord) & 1) == 0 ? 1 : 0;
                }
            }
        }

        return new VerificationResult("spans in the span log", ledger.Acknowledged * spans, missing, _again, "in another partition than their trace's", _misplaced);
    }
}
