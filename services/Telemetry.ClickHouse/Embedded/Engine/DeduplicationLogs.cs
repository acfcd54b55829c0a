using System.Globalization;
using System.Text;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>
/// Makes the tables' deduplication logs agree with their parts, before the engine opens them. The engine writes the log line of an inserted block first and
/// gives the part its name after; killed in between it would take the block for inserted and drop its replay: a loss. See docs/decisions/0063.
/// </summary>
/// <remarks>
/// A log is <c>store/???/TABLE/deduplication_logs/deduplication_log_N.txt</c> with lines of operation (1 added, 2 dropped), part and block id, tab separated.
/// </remarks>
public static class DeduplicationLogs
{
    /// <summary>Name of the folder beside the parts of a table.</summary>
    internal const string Folder = "deduplication_logs";

    private const string Added = "1";
    private const int DeepestFolder = 3;
    private const int FieldsInLine = 3;

    /// <summary>Takes out every line that tells of a part which is not there; gives how many. The engine must not have the directory open.</summary>
    /// <exception cref="IOException">A log cannot be read or written.</exception>
    public static int Repair(string dataPath)
    {
        var search = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = DeepestFolder, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateDirectories(dataPath, Folder, search).ToList().Sum(RepairTable);
    }

    private static int RepairTable(string folder)
    {
        List<Part> parts = [.. Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!).Select(d => Part.TryParse(Path.GetFileName(d))).OfType<Part>()];
        int removed = 0;
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string text = File.ReadAllText(file, Encoding.UTF8);
            var kept = new StringBuilder(text.Length);
            int lost = 0;
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Stands(line, parts))
                {
                    kept.Append(line).Append('\n');
                }
                else
                {
                    lost++;
                }
            }

            // A line without its end was cut by the kill as well; the engine would append to it.
            if (kept.Length != text.Length)
            {
                Replace(file, kept.ToString());
            }

            removed += lost;
        }

        return removed;
    }

    private static bool Stands(string line, List<Part> parts)
    {
        string[] fields = line.Split('\t');
        if (fields.Length != FieldsInLine)
        {
            return false;
        }

        return fields[0] != Added || Part.TryParse(fields[1]) is not { } part || parts.Exists(p => p.Covers(part));
    }

    private static void Replace(string file, string text)
    {
        string fresh = file + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }

    // PARTITION_FIRST_LAST_LEVEL, with _MUTATION where one was applied: the blocks that a part holds.
    private readonly record struct Part(string Partition, long First, long Last)
    {
        private const int FewestFields = 4;

        public static Part? TryParse(string name)
        {
            string[] fields = name.Split('_');
            return fields.Length is FewestFields or FewestFields + 1 && Number(fields[1]) is { } first && Number(fields[2]) is { } last && Number(fields[3]) is not null
                ? new Part(fields[0], first, last)
                : null;
        }

        public bool Covers(Part other) => Partition == other.Partition && First <= other.First && Last >= other.Last;

        private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
