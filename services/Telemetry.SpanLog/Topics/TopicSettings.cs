namespace Telemetry.SpanLog.Topics;

/// <summary>One topic as <c>schemas/topics.yaml</c> describes it.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Partitions">Number of partitions, at least 1.</param>
/// <param name="ReplicationFactor">Copies in a Kafka cluster, at least 1.</param>
/// <param name="Settings">Kafka topic settings.</param>
public sealed record TopicSettings(string Name, int Partitions, short ReplicationFactor, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>How long records are kept; null without limit.</summary>
    public TimeSpan? RetentionAge => Positive("retention.ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Bytes kept in each partition; null without limit.</summary>
    public long? RetentionBytes => Positive("retention.bytes");

    private long? Positive(string key) =>
        Settings.TryGetValue(key, out string? text) && long.TryParse(text, out long value) && value >= 0 ? value : null;
}
