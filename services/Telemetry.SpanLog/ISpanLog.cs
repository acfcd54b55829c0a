namespace Telemetry.SpanLog;

/// <summary>
/// The durable, partitioned, replayable log between Collector and Processor. Two implementations keep one contract:
/// <c>Local</c> (files on this machine) and <c>Kafka</c>.
/// </summary>
/// <remarks>
/// Offsets grow strictly within a partition, not necessarily by one (the local log uses file addresses). A record's
/// <see cref="SpanLogRecord.NextOffset"/> is where reading goes on after it.
/// </remarks>
public interface ISpanLog : IAsyncDisposable
{
    /// <summary>
    /// Opens what is needed to write and read. Idempotent. What may come by itself, such as brokers and topics, is waited for until cancelled, and
    /// <see cref="UnavailableReason"/> says what; anything else throws <see cref="SpanLogException"/> with a clear reason.
    /// </summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Number of partitions of a topic, known after <see cref="StartAsync"/>.</summary>
    int PartitionCount(string topic);

    /// <summary>Largest value in bytes that one record may have; the writer of records splits above it.</summary>
    int MaxRecordBytes { get; }

    /// <summary>
    /// Appends the records and completes once all of them are durable (Kafka: acknowledged with <c>acks=all</c>; local: committed to
    /// disk) or it is known that at least one is not. On anything but <see cref="AppendStatus.Durable"/> some of them may still be in the log:
    /// the caller's retry may append them twice, and readers deduplicate by span id. The values must not change until the task ends.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken);

    /// <summary>Joins <paramref name="group"/> as one reader of the topics.</summary>
    ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics);

    /// <summary>Null when the log can be written now; otherwise the reason it cannot, for <c>/readyz</c>.</summary>
    string? UnavailableReason { get; }
}

/// <summary>One record to append.</summary>
/// <param name="Partition">Target partition, see <see cref="Telemetry.Contracts.Spans.TracePartitioner"/>.</param>
/// <param name="Value">The record's bytes.</param>
public readonly record struct SpanLogAppend(int Partition, ReadOnlyMemory<byte> Value);

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Every record is durable.</summary>
    Durable,

    /// <summary>Not (known to be) durable now; the same append may succeed later.</summary>
    Retry,

    /// <summary>Will never succeed as it is (for example a record over <see cref="ISpanLog.MaxRecordBytes"/>).</summary>
    Refused,
}

/// <summary>The outcome of an append.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why not durable, for people; null when durable.</param>
/// <param name="RetryAfter">When to try again at the earliest; zero unless <see cref="AppendStatus.Retry"/>.</param>
public readonly record struct AppendResult(AppendStatus Status, string? Reason = null, TimeSpan RetryAfter = default)
{
    /// <summary>Every record is durable.</summary>
    public static AppendResult Durable => new(AppendStatus.Durable);

    /// <summary>Not durable now.</summary>
    public static AppendResult Retry(string reason, TimeSpan retryAfter) => new(AppendStatus.Retry, reason, retryAfter);

    /// <summary>Never durable as it is.</summary>
    public static AppendResult Refused(string reason) => new(AppendStatus.Refused, reason);
}

/// <summary>The log cannot be opened or used; the message names the setting or path and what is wrong with it.</summary>
public sealed class SpanLogException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether it may go away by itself, without a change of the settings.</summary>
    public bool MayPass { get; init; }
}
