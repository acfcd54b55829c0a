using System.Collections.Concurrent;

namespace Telemetry.SpanLog.Local;

/// <summary>The reader groups of this process and what each has committed.</summary>
internal sealed class LocalGroups
{
    private readonly ConcurrentDictionary<string, LocalGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The group of that name.</summary>
    public LocalGroup Open(string name) => _groups.GetOrAdd(name, n => new LocalGroup(n));

    /// <summary>The lowest committed offset of any group that has ever read the partition; null when none has.</summary>
    public static long? LowestCommitted(LocalPartition partition)
    {
        long? lowest = null;
        foreach (string file in Directory.GetFiles(partition.Directory, "*.cursor"))
        {
            long committed = new CursorFile(file).Read() ?? 0;
            lowest = lowest is null ? committed : Math.Min(lowest.Value, committed);
        }

        return lowest;
    }
}
