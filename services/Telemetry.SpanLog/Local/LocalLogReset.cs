using System.Globalization;

namespace Telemetry.SpanLog.Local;

/// <summary>What became of one cursor when a log was set back.</summary>
/// <param name="Cursor">Group, topic and partition.</param>
/// <param name="From">Where it stood; null when the group had not read the partition.</param>
/// <param name="To">Where it stands now; null for the oldest record, as the backup knows nothing of this log.</param>
/// <param name="Missing">Bytes of the log between the two that retention has deleted: records that are lost unless the backup has them.</param>
public sealed record CursorChange(string Cursor, long? From, long? To, long Missing);

/// <summary>Sets the readers of a log that was kept back to where they stood when a backup was made, so that they read again what the backup does not hold.</summary>
public static class LocalLogReset
{
    /// <summary>Sets back the cursors of a log that no process has open.</summary>
    /// <param name="kept">Directory of the log that was kept.</param>
    /// <param name="saved">Directory of the log's files in the backup.</param>
    /// <returns>What was changed.</returns>
    /// <exception cref="SpanLogException">The log is older than the backup or damaged; nothing was changed.</exception>
    public static IReadOnlyList<CursorChange> SetBack(string kept, string saved)
    {
        var disk = new LocalDisk();
        var changes = new List<(CursorFile File, CursorChange Change)>();
        IEnumerable<string> names = Names(kept).Union(Names(saved)).Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (Change(disk, kept, saved, name) is { } change)
            {
                changes.Add((new CursorFile(disk, Path.Combine(kept, LocalLogBackup.Cursors, name)), change));
            }
        }

        foreach ((CursorFile file, CursorChange change) in changes)
        {
            if (change.To is { } offset)
            {
                LocalDisk.CreateDirectoryDurably(Path.GetDirectoryName(file.Path)!);
                file.Write(offset);
            }
            else if (File.Exists(file.Path))
            {
                File.Delete(file.Path);
                LocalDisk.SyncDirectory(Path.GetDirectoryName(file.Path)!);
            }
        }

        return [.. changes.Select(c => c.Change)];
    }

    private static CursorChange? Change(LocalDisk disk, string kept, string saved, string name)
    {
        _ = CursorName.TryParse(name, out string topic, out int partition);
        string topicPath = Path.Combine(kept, LocalLogBackup.Topics, topic);
        if (TopicLayout.Read(topicPath) is not { } layout || partition >= layout.Partitions)
        {
            return null;
        }

        long? now = new CursorFile(disk, Path.Combine(kept, LocalLogBackup.Cursors, name)).Read();
        bool same = TopicLayout.Read(Path.Combine(saved, LocalLogBackup.Topics, topic))?.LogId == layout.LogId;
        long? then = same ? new CursorFile(disk, Path.Combine(saved, LocalLogBackup.Cursors, name)).Read() : null;
        if (then is not { } offset)
        {
            return now is null ? null : new CursorChange(name, now, null, 0);
        }

        string commit = Path.Combine(topicPath, partition.ToString(CultureInfo.InvariantCulture), CommitFile.FileName);
        (long begin, long until) = CommitFile.ReadRange(disk, commit);
        if (offset > until)
        {
            throw new SpanLogException($"{kept}: {topic} partition {partition} ends at {until}, before the {offset} that the backup has read; this log is older than the backup");
        }

        return new CursorChange(name, now, offset, Math.Max(0, begin - offset));
    }

    private static IEnumerable<string> Names(string root)
    {
        string cursors = Path.Combine(root, LocalLogBackup.Cursors);
        return Directory.Exists(cursors)
            ? Directory.EnumerateFiles(cursors, "*", SearchOption.AllDirectories).Where(f => CursorName.TryParse(f, out _, out _)).Select(f => Path.GetRelativePath(cursors, f))
            : [];
    }
}
