using System.Globalization;
using System.Numerics;
using System.Text;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// What cannot change once a topic has data: its partition count (spans of a trace must keep their partition) and the page and segment
/// size (record addresses depend on them). Written when the topic is created, read ever after.
/// </summary>
/// <param name="Partitions">Number of partitions.</param>
/// <param name="PageBits">log2 of FasterLog's page size; a record fits within one page.</param>
/// <param name="SegmentBits">log2 of a segment file's size.</param>
/// <param name="LogId">Random name of this incarnation of the topic, see <see cref="ISpanLogLane.LogId"/>.</param>
internal sealed record TopicLayout(int Partitions, int PageBits, int SegmentBits, string LogId)
{
    /// <summary>Name of the file in a topic's directory.</summary>
    public const string FileName = "layout";

    /// <summary>Room for FasterLog's entry header and the 64 bytes in front of the first record.</summary>
    private const int Overhead = 128;

    /// <summary>Largest record that fits.</summary>
    public int MaxRecordBytes => (1 << PageBits) - Overhead;

    public static TopicLayout For(int partitions, int maxRecordBytes, int segmentBytes)
    {
        int pageBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)(maxRecordBytes + Overhead)));
        int segmentBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)segmentBytes));
        return new TopicLayout(partitions, pageBits, Math.Max(pageBits, segmentBits), Guid.NewGuid().ToString("N"));
    }

    /// <summary>Reads the topic's layout, or writes <paramref name="wanted"/> as its layout when the topic is new.</summary>
    public static TopicLayout ReadOrCreate(LocalDisk disk, string directory, TopicLayout wanted)
    {
        string path = Path.Combine(directory, FileName);
        if (Read(directory) is { } layout)
        {
            return layout;
        }

        LocalDisk.CreateDirectoryDurably(directory);
        string text = string.Create(CultureInfo.InvariantCulture, $"1 {wanted.Partitions} {wanted.PageBits} {wanted.SegmentBits} {wanted.LogId}\n");
        disk.ReplaceDurably(path, Encoding.ASCII.GetBytes(text));
        return wanted;
    }

    /// <summary>Reads the topic's layout; null when there is none.</summary>
    public static TopicLayout? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        string[] parts = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 5 || parts[0] != "1"
            || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int partitions) || partitions is < 1 or > 1024
            || !int.TryParse(parts[2], CultureInfo.InvariantCulture, out int pageBits) || pageBits is < 10 or > 28
            || !int.TryParse(parts[3], CultureInfo.InvariantCulture, out int segmentBits) || segmentBits < pageBits || segmentBits > 30)
        {
            throw new SpanLogException($"{path} is damaged: expected \"1 <partitions> <page bits> <segment bits> <log id>\"");
        }

        return new TopicLayout(partitions, pageBits, segmentBits, parts[4]);
    }
}
