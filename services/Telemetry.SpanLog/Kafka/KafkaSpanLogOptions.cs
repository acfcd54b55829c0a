using System.ComponentModel.DataAnnotations;

namespace Telemetry.SpanLog.Kafka;

/// <summary>How to reach Kafka. Any librdkafka setting passes through; in environment names an underscore stands for a dot.</summary>
public sealed class KafkaSpanLogOptions
{
    /// <summary>Brokers to start from, host:port separated by commas.</summary>
    [Required]
    public string BootstrapServers { get; set; } = "localhost:9092";

    /// <summary>Whether missing topics are created with the settings of schemas/topics.yaml.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>Copies of each created topic; 0 takes the broker's default.</summary>
    [Range(0, 16, ErrorMessage = "allowed: 0 to 16")]
    public int ReplicationFactor { get; set; }

    /// <summary>librdkafka settings for producers and consumers alike, for example security.protocol.</summary>
    public Dictionary<string, string> Client { get; set; } = [];

    /// <summary>librdkafka settings for the producer.</summary>
    public Dictionary<string, string> Producer { get; set; } = [];

    /// <summary>librdkafka settings for consumers.</summary>
    public Dictionary<string, string> Consumer { get; set; } = [];
}
