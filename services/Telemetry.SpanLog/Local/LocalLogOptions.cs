using System.ComponentModel.DataAnnotations;

namespace Telemetry.SpanLog;

/// <summary>Settings of the local log, section <c>Telemetry:SpanLog:Local</c>.</summary>
public sealed class LocalLogOptions
{
    /// <summary>Bytes that one partition keeps at most; 0 takes <c>retention.bytes</c> of the topics file. Disk use is up to one segment more.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "must not be negative")]
    public long RetentionBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long records are kept; zero takes <c>retention.ms</c> of the topics file.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00", ErrorMessage = "must be between 00:00:00 and 3650.00:00:00")]
    public TimeSpan RetentionAge { get; set; }

    /// <summary>
    /// Whether retention may delete records that a registered group (one that ever opened a reader) has not committed. False by default:
    /// a full partition then refuses appends until the group has caught up. A group that is gone for good is forgotten by deleting its
    /// directory under <c>cursors</c> while the process is down.
    /// </summary>
    public bool DeleteUnread { get; set; }

    /// <summary>How often retention runs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00", ErrorMessage = "must be between 00:00:00.05 and 01:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Size of one segment file in bytes, a power of two: disk space is freed in units of it.</summary>
    [Range(1024 * 1024, 1024 * 1024 * 1024, ErrorMessage = "must be a power of two between 1048576 and 1073741824 bytes")]
    public int SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Appends are refused (retryable) while the disk has less free space than this, so that its other users keep working.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "must not be negative")]
    public long MinFreeDiskBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>How long to wait before a log that failed to write is tried again; also the hint given to callers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "must be between 00:00:00.01 and 00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
