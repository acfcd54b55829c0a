namespace Telemetry.SpanLog.Local;

/// <summary>All reader groups of the log, those of earlier runs included: their cursors hold retention back.</summary>
internal sealed class LocalGroups : IDisposable
{
    private readonly LocalContext _context;
    private readonly string _root;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LocalGroup> _groups = new(StringComparer.Ordinal);

    public LocalGroups(LocalContext context, IReadOnlyDictionary<string, LocalPartition[]> topics)
    {
        _context = context;
        _root = Path.Combine(context.Root, "cursors");
        LocalDisk.CreateDirectoryDurably(_root);
        var byFile = topics.Values.SelectMany(p => p).ToDictionary(p => $"{p.Topic}-{p.Number}");
        foreach (string directory in Directory.EnumerateDirectories(_root))
        {
            IEnumerable<LocalPartition> known = Directory.EnumerateFiles(directory)
                .Select(f => byFile.GetValueOrDefault(Path.GetFileName(f))!)
                .Where(p => p is not null);
            Group(Uri.UnescapeDataString(Path.GetFileName(directory))).Register(known.ToList());
        }
    }

    /// <summary>Makes a reader of the group; it joins when its lanes are first asked for.</summary>
    public LocalReader Join(string group, IReadOnlyList<LocalPartition> partitions)
    {
        LocalGroup state = Group(group);
        state.Register(partitions);
        return new LocalReader(state, partitions);
    }

    /// <summary>The lowest offset that some group has not finished, and that group; <see cref="long.MaxValue"/> when nobody reads the partition.</summary>
    public (long Offset, string? Group) OldestUnread(LocalPartition partition)
    {
        List<LocalGroup> groups;
        lock (_gate)
        {
            groups = [.. _groups.Values];
        }

        (long Offset, string? Group) oldest = (long.MaxValue, null);
        foreach (LocalGroup group in groups)
        {
            if (group.Committed(partition) is { } committed && committed < oldest.Offset)
            {
                oldest = (committed, group.Name);
            }
        }

        return oldest;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (LocalGroup group in _groups.Values)
            {
                group.Dispose();
            }
        }
    }

    private LocalGroup Group(string name)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue(name, out LocalGroup? group))
            {
                group = new LocalGroup(_context, name, Path.Combine(_root, Uri.EscapeDataString(name)));
                _groups[name] = group;
            }

            return group;
        }
    }
}
