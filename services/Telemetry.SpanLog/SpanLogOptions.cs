using System.ComponentModel.DataAnnotations;

namespace Telemetry.SpanLog;

/// <summary>Which span log is used.</summary>
public enum SpanLogKind
{
    /// <summary>Files on this machine.</summary>
    Local,

    /// <summary>A Kafka cluster.</summary>
    Kafka,
}

/// <summary>Settings of the span log, section <see cref="Section"/>.</summary>
public sealed class SpanLogOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:SpanLog";

    /// <summary>Which log is used.</summary>
    public SpanLogKind Kind { get; set; } = SpanLogKind.Local;

    /// <summary>Directory of the local log; created when missing. Only one process may use it at a time.</summary>
    [Required]
    public string Path { get; set; } = "data/span-log";

    /// <summary>
    /// Largest value of one record in bytes. The default stays, with Kafka's framing, under every broker's default
    /// <c>message.max.bytes</c> (1,048,588 since 0.10; 1,000,012 before). Raising it needs <c>max.message.bytes</c> of the topics raised too.
    /// </summary>
    [Range(1024, 64 * 1024 * 1024, ErrorMessage = "must be between 1024 and 67108864 bytes")]
    public int MaxRecordBytes { get; set; } = 960 * 1024;

    /// <summary>File with topic settings that is used instead of the built-in <c>schemas/topics.yaml</c>; empty means built-in.</summary>
    public string TopicsFile { get; set; } = "";

    /// <summary>
    /// Partitions of every topic that has more than one; 0 takes one for every four processors (1 to 8) for the local
    /// log and the topics file's number for Kafka. Applies when
    /// a topic is created; an existing one keeps its number.
    /// </summary>
    [Range(0, 1024, ErrorMessage = "must be between 0 (default) and 1024")]
    public int Partitions { get; set; }

    /// <summary>Kafka: replication factor of topics that are created; 0 takes the topics file's number.</summary>
    [Range(0, 16, ErrorMessage = "must be between 0 (as in the topics file) and 16")]
    public int ReplicationFactor { get; set; }

    /// <summary>Kafka: create missing topics at start. When false, missing topics are waited for; the log and /readyz tell the commands that create them.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>Bytes of records that a reader fetches ahead of its caller for each partition.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024, ErrorMessage = "must be between 65536 and 1073741824 bytes")]
    public int ReadAheadBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a revoked partition is held back for its lane to finish before another member gets it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:04:00", ErrorMessage = "must be between 00:00:00.1 and 00:04:00")]
    public TimeSpan RevokeTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Settings of the local log.</summary>
    public LocalLogOptions Local { get; set; } = new();

    /// <summary>Settings of the Kafka log.</summary>
    public KafkaLogOptions Kafka { get; } = new();
}
