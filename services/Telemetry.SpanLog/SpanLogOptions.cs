using System.ComponentModel.DataAnnotations;

namespace Telemetry.SpanLog;

/// <summary>Which span log, and where. Section <see cref="Section"/>.</summary>
public sealed class SpanLogOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:SpanLog";

    /// <summary>Local files of this machine, or Kafka topics.</summary>
    public SpanLogKind Kind { get; set; } = SpanLogKind.Local;

    /// <summary>Directory of the local log.</summary>
    [Required]
    public string Path { get; set; } = "data/span-log";

    /// <summary>Most bytes that one partition of the local log keeps. When it is full, appends are refused until readers have caught up; nothing unread is deleted.</summary>
    [Range(1L << 26, 1L << 44, ErrorMessage = "allowed: 67108864 (64 MiB) to 17592186044416 (16 TiB)")]
    public long MaxPartitionBytes { get; set; } = 8L << 30;

    /// <summary>How long the local log keeps records that every reader has finished, for replays.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00", ErrorMessage = "allowed: 00:00:00 to 90.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Kafka settings, used when Kind is Kafka.</summary>
    public Kafka.KafkaSpanLogOptions Kafka { get; } = new();

    /// <summary>Partitions a topic.</summary>
    [Range(1, 1024, ErrorMessage = "allowed: 1 to 1024")]
    public int Partitions { get; set; } = 4;

    /// <summary>Largest record in bytes.</summary>
    [Range(4096, 1 << 25, ErrorMessage = "allowed: 4096 to 33554432")]
    public int MaxRecordBytes { get; set; } = 1 << 20;
}

/// <summary>Kinds of span log.</summary>
public enum SpanLogKind
{
    /// <summary>Files of this machine.</summary>
    Local,

    /// <summary>Kafka topics.</summary>
    Kafka,
}
