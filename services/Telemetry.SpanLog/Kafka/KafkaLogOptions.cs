using System.ComponentModel.DataAnnotations;

namespace Telemetry.SpanLog;

/// <summary>
/// Settings of the Kafka log, section <c>Telemetry:SpanLog:Kafka</c>. The dictionaries pass any librdkafka setting through; environment
/// variables cannot portably hold dots, so <c>_</c> stands for <c>.</c> too: <c>Telemetry__SpanLog__Kafka__Client__sasl_username</c>.
/// </summary>
public sealed class KafkaLogOptions : IValidatableObject
{
    /// <summary>Brokers to begin with: <c>host:port</c>, comma separated.</summary>
    [Required]
    public string BootstrapServers { get; set; } = "localhost:9092";

    /// <summary>Any librdkafka setting for producer, consumer and admin client.</summary>
    public Dictionary<string, string> Client { get; set; } = [];

    /// <summary>File that holds the SASL password, in the place of <c>sasl.password</c> in <see cref="Client"/>; white space at its end does not count.</summary>
    public string SaslPasswordFile { get; set; } = "";

    /// <summary>Any librdkafka setting for the producer.</summary>
    public Dictionary<string, string> Producer { get; set; } = [];

    /// <summary>Any librdkafka setting for the consumers.</summary>
    public Dictionary<string, string> Consumer { get; set; } = [];

    /// <summary>How long a record may wait for its acknowledgement before the append is answered "retry".</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00", ErrorMessage = "must be between 00:00:00.5 and 00:05:00")]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of records that may wait for their acknowledgement in all; above it appends are answered "retry".</summary>
    [Range(1024 * 1024, 1024L * 1024 * 1024, ErrorMessage = "must be between 1048576 and 1073741824 bytes")]
    public long ProducerQueueBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>How long a single request of start-up (metadata, topic creation) may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00", ErrorMessage = "must be between 00:00:00.5 and 00:05:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The hint given to callers whose append should be tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "must be between 00:00:00.01 and 00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Kafka.KafkaSecurity.Problems(this).Select(p => new ValidationResult(p.Problem, p.Member is null ? null : [p.Member]));
}
