using System.Collections.Concurrent;
using Telemetry.LoadGenerator.Measure;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Run;

/// <summary>What a phase has counted so far.</summary>
internal sealed class PhaseCounters(RequestLedger ledger)
{
    private readonly ConcurrentDictionary<string, long> _troubles = new(StringComparer.Ordinal);
    private long _acknowledged;
    private long _refused;
    private long _failed;
    private long _bytes;

    /// <summary>Answer times of acknowledged requests.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>How late the generator itself was, in paced phases; part of the answer times.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Acknowledged requests.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Refused requests.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Requests without an answer.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Bytes of acknowledged requests.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Refusals and failures by reason.</summary>
    public IReadOnlyDictionary<string, long> Troubles => _troubles;

    /// <summary>Counts an answer.</summary>
    public void Count(Body body, SendResult result, long nanoseconds)
    {
        ledger.Note(body.Request, result.Outcome);
        if (result.Outcome == SendOutcome.Acknowledged)
        {
            Interlocked.Increment(ref _acknowledged);
            Interlocked.Add(ref _bytes, body.Frame.Length - GrpcSender.FrameHeader);
            Latency.Record(nanoseconds);
            return;
        }

        Interlocked.Increment(ref result.Outcome == SendOutcome.Refused ? ref _refused : ref _failed);
        _troubles.AddOrUpdate(result.Reason, 1, (_, count) => count + 1);
    }
}
