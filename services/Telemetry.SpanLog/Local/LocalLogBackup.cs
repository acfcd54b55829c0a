using System.Globalization;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// The files of a local log that is in use, for a backup: how far its readers have come as it was at first, and the records that they had not finished then.
/// A log opened from them goes on as the original would after a crash. Records that every reader had finished are left out.
/// </summary>
public sealed class LocalLogBackup
{
    internal const string Cursors = "cursors";
    internal const string Topics = "topics";

    private readonly string _root;
    private readonly Dictionary<string, byte[]> _cursors = new(StringComparer.Ordinal);

    private LocalLogBackup(string root) => _root = root;

    /// <summary>Notes how far the readers have come.</summary>
    /// <param name="root">Directory of the log, <c>Telemetry:SpanLog:Path</c>.</param>
    /// <exception cref="SpanLogException">A cursor is damaged.</exception>
    public static LocalLogBackup Begin(string root)
    {
        var backup = new LocalLogBackup(Path.GetFullPath(root));
        string cursors = Path.Combine(backup._root, Cursors);
        foreach (string file in Directory.Exists(cursors) ? Directory.EnumerateFiles(cursors, "*", SearchOption.AllDirectories) : [])
        {
            if (CursorName.TryParse(file, out _, out _))
            {
                backup._cursors[Path.GetRelativePath(backup._root, file)] = File.ReadAllBytes(file);
            }
        }

        return backup;
    }

    /// <summary>All files with their names in the log's directory; the caller disposes the streams.</summary>
    /// <exception cref="SpanLogException">A topic's layout is damaged.</exception>
    public IReadOnlyList<(string Name, Stream Content)> Complete()
    {
        var files = new List<(string, Stream)>();
        string topics = Path.Combine(_root, Topics);
        try
        {
            files.AddRange(_cursors.Select(c => (c.Key, (Stream)new MemoryStream(c.Value))));
            foreach (string topic in Directory.Exists(topics) ? Directory.EnumerateDirectories(topics) : [])
            {
                AddTopic(topic, files);
            }

            return files;
        }
        catch
        {
            files.ForEach(f => f.Item2.Dispose());
            throw;
        }
    }

    private void AddTopic(string topic, List<(string, Stream)> files)
    {
        if (TopicLayout.Read(topic) is not { } layout)
        {
            return;
        }

        files.Add((Name(Path.Combine(topic, TopicLayout.FileName)), new MemoryStream(File.ReadAllBytes(Path.Combine(topic, TopicLayout.FileName)))));
        for (int partition = 0; partition < layout.Partitions; partition++)
        {
            string directory = Path.Combine(topic, partition.ToString(CultureInfo.InvariantCulture));
            string commit = Path.Combine(directory, CommitFile.FileName);
            if (!File.Exists(commit))
            {
                continue;
            }

            // First how far the records are durable, then the records: they reach at least as far.
            files.Add((Name(commit), new MemoryStream(File.ReadAllBytes(commit))));
            long first = Finished(Path.GetFileName(topic), partition) >> layout.SegmentBits;
            foreach (string segment in Directory.EnumerateFiles(directory, "segment.*"))
            {
                if (long.TryParse(Path.GetExtension(segment.AsSpan())[1..], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= first)
                {
                    files.Add((Name(segment), new FilePrefix(segment)));
                }
            }
        }
    }

    private string Name(string path) => Path.GetRelativePath(_root, path);

    // Below it everybody has finished; 0 when nobody ever read the partition.
    private long Finished(string topic, int partition)
    {
        long lowest = long.MaxValue;
        foreach ((string name, byte[] content) in _cursors)
        {
            if (CursorName.TryParse(name, out string cursorTopic, out int number) && cursorTopic == topic && number == partition)
            {
                lowest = Math.Min(lowest, CursorFile.Parse(content) ?? throw new SpanLogException($"{Path.Combine(_root, name)} is damaged"));
            }
        }

        return lowest == long.MaxValue ? 0 : lowest;
    }
}
