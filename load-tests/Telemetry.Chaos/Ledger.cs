using System.Collections.Concurrent;
using System.Globalization;

namespace Telemetry.Chaos;

/// <summary>What was sent, and what of it was acknowledged. What was sent and never acknowledged may be there or not, but never twice.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, bool> _traces = new();
    private long _next;

    /// <summary>Requests that were sent again because the answer was lost or a refusal.</summary>
    public long Retries;

    /// <summary>Requests that were sent again though they had been acknowledged.</summary>
    public long Duplicates;

    /// <summary>Processes that stood still for a while.</summary>
    public long Freezes;

    /// <summary>Poison records that the log took, each with a text of its own.</summary>
    public List<string> Poison { get; } = [];

    /// <summary>Traces sent.</summary>
    public int Sent => _traces.Count;

    /// <summary>Traces acknowledged.</summary>
    public int Acknowledged => _traces.Count(t => t.Value);

    /// <summary>A further trace.</summary>
    public string Add()
    {
        string trace = (Interlocked.Increment(ref _next) * 7919).ToString("x32", CultureInfo.InvariantCulture);
        _traces[trace] = false;
        return trace;
    }

    /// <summary>The Collector said OK.</summary>
    public void Acknowledge(string trace) => _traces[trace] = true;

    /// <summary>Whether a trace was acknowledged; null when it was never sent.</summary>
    public bool? IsAcknowledged(string trace) => _traces.TryGetValue(trace, out bool acknowledged) ? acknowledged : null;

    /// <summary>Acknowledged traces.</summary>
    public IEnumerable<string> AcknowledgedTraces => _traces.Where(t => t.Value).Select(t => t.Key);
}
