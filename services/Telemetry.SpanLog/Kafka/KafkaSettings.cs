using System.Globalization;
using Confluent.Kafka;

namespace Telemetry.SpanLog.Kafka;

/// <summary>librdkafka's settings: our defaults, then what the user passes through.</summary>
internal static class KafkaSettings
{
    /// <summary>Settings of a producer.</summary>
    public static Dictionary<string, string> Producer(SpanLogOptions options) => Merge(
        options,
        new Dictionary<string, string>
        {
            ["acks"] = "all",
            ["enable.idempotence"] = "true",
            ["linger.ms"] = "2",
            ["compression.type"] = "lz4",
            ["message.timeout.ms"] = Milliseconds(options.Kafka.MessageTimeout),
            ["message.max.bytes"] = Text(options.MaxRecordBytes + 16 * 1024),
            ["queue.buffering.max.kbytes"] = Text(Math.Max(1, options.Kafka.ProducerQueueBytes / 1024)),
            ["queue.buffering.max.messages"] = "100000",
        },
        options.Kafka.Producer);

    /// <summary>Settings of a consumer.</summary>
    public static Dictionary<string, string> Consumer(SpanLogOptions options, string group) => Merge(
        options,
        new Dictionary<string, string>
        {
            ["group.id"] = group,
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["auto.offset.reset"] = "earliest",
            ["partition.assignment.strategy"] = "cooperative-sticky",
            ["session.timeout.ms"] = "10000",
            ["heartbeat.interval.ms"] = "2000",
            ["fetch.wait.max.ms"] = "100",
            ["fetch.message.max.bytes"] = Text(Math.Max(1024 * 1024, options.MaxRecordBytes + 16 * 1024)),
            ["queued.max.messages.kbytes"] = Text(Math.Max(1024, options.ReadAheadBytes / 1024)),
        },
        options.Kafka.Consumer);

    /// <summary>Settings of an admin client.</summary>
    public static Dictionary<string, string> Admin(SpanLogOptions options) => Merge(options, [], []);

    private static Dictionary<string, string> Merge(
        SpanLogOptions options, Dictionary<string, string> defaults, Dictionary<string, string> own)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = options.Kafka.BootstrapServers,
            ["client.id"] = "telemetry",
            ["socket.keepalive.enable"] = "true",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        foreach ((string key, string value) in defaults.Concat(options.Kafka.Client).Concat(own))
        {
            merged[key.Replace('_', '.')] = value;
        }

        if (options.Kafka.SaslPasswordFile.Length > 0)
        {
            merged["sasl.password"] = File.ReadAllText(options.Kafka.SaslPasswordFile).TrimEnd();
        }

        return merged;
    }

    /// <summary>An answer for a setting that librdkafka does not take, without its value, which may be a secret.</summary>
    public static SpanLogException Invalid(string part, Exception error) =>
        new($"Telemetry:SpanLog:Kafka:{part}: librdkafka does not accept the settings: {error.Message}", error);

    /// <summary>Whether the error can be cured by nothing but a new client.</summary>
    public static bool IsFatal(Error error) => error.IsFatal || error.Code == ErrorCode.Local_Fatal;

    private static string Milliseconds(TimeSpan time) => Text((long)time.TotalMilliseconds);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
