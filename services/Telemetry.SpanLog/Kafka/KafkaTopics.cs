using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Telemetry.SpanLog.Topics;

namespace Telemetry.SpanLog.Kafka;

/// <summary>Finds the topics of the span log in the cluster and creates the missing ones when allowed.</summary>
internal sealed class KafkaTopics(SpanLogOptions options, TopicCatalog catalog, ILogger logger)
{
    /// <summary>Partition count of each topic. Throws <see cref="SpanLogException"/>.</summary>
    public async Task<Dictionary<string, int>> EnsureAsync(CancellationToken cancellationToken)
    {
        using IAdminClient admin = Build();
        Dictionary<string, int> found = await FindAsync(admin, cancellationToken);
        List<TopicSettings> missing = catalog.Topics.Where(t => !found.ContainsKey(t.Name)).ToList();
        if (missing.Count == 0)
        {
            return found;
        }

        if (!options.CreateTopics)
        {
            throw new SpanLogException(
                "topics are missing in Kafka and Telemetry:SpanLog:CreateTopics is false; create them with:" + Environment.NewLine
                + string.Join(Environment.NewLine, missing.Select(t => "  " + Command(t)))) { MayPass = true };
        }

        await CreateAsync(admin, missing);
        return await WaitForAsync(admin, cancellationToken);
    }

    private IAdminClient Build()
    {
        try
        {
            return new AdminClientBuilder(KafkaSettings.Admin(options))
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, e) => logger.LogWarning("Kafka admin client: {Reason}", e.Reason))
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw KafkaSettings.Invalid("Client", e);
        }
    }

    private async Task<Dictionary<string, int>> FindAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        try
        {
            Metadata metadata = await Task.Run(() => admin.GetMetadata(options.Kafka.StartTimeout), cancellationToken);
            return metadata.Topics
                .Where(t => t.Error.Code == ErrorCode.NoError && t.Partitions.Count > 0)
                .ToDictionary(t => t.Topic, t => t.Partitions.Count);
        }
        catch (KafkaException e)
        {
            throw new SpanLogException(
                $"Telemetry:SpanLog:Kafka:BootstrapServers = \"{options.Kafka.BootstrapServers}\": no answer from Kafka: {e.Error.Reason}", e) { MayPass = true };
        }
    }

    private async Task CreateAsync(IAdminClient admin, List<TopicSettings> missing)
    {
        try
        {
            await admin.CreateTopicsAsync(
                missing.Select(t => new TopicSpecification
                {
                    Name = t.Name,
                    NumPartitions = t.Partitions,
                    ReplicationFactor = t.ReplicationFactor,
                    Configs = t.Settings.ToDictionary(),
                }),
                new CreateTopicsOptions { RequestTimeout = options.Kafka.StartTimeout, OperationTimeout = options.Kafka.StartTimeout });
            logger.LogInformation("Created topics {Topics}", string.Join(", ", missing.Select(t => t.Name)));
        }
        catch (CreateTopicsException e)
        {
            // Another process may have been faster.
            List<CreateTopicReport> failed = e.Results.Where(r => r.Error.Code is not (ErrorCode.NoError or ErrorCode.TopicAlreadyExists)).ToList();
            if (failed.Count > 0)
            {
                throw new SpanLogException(
                    string.Join("; ", failed.Select(r => $"topic {r.Topic} cannot be created: {r.Error.Reason}; by hand: {Command(catalog.Get(r.Topic))}")), e) { MayPass = failed.TrueForAll(r => MayPass(r.Error)) };
            }
        }
        catch (KafkaException e)
        {
            throw new SpanLogException(
                $"topics cannot be created: {e.Error.Reason}; by hand: {string.Join("; ", missing.Select(Command))}", e) { MayPass = MayPass(e.Error) };
        }
    }

    private async Task<Dictionary<string, int>> WaitForAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Dictionary<string, int> found = await FindAsync(admin, cancellationToken);
            TopicSettings? missing = catalog.Topics.FirstOrDefault(t => !found.ContainsKey(t.Name));
            if (missing is null)
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(started) > options.Kafka.StartTimeout)
            {
                throw new SpanLogException($"topic {missing.Name} was created but has no leader after {options.Kafka.StartTimeout}") { MayPass = true };
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    // A cluster that is starting has no controller yet, or fewer brokers than the topic wants replicas.
    private static bool MayPass(Error error) =>
        error.IsLocalError || error.Code is ErrorCode.InvalidReplicationFactor or ErrorCode.NotController or ErrorCode.LeaderNotAvailable or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable;

    private string Command(TopicSettings topic) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"kafka-topics.sh --bootstrap-server {options.Kafka.BootstrapServers} --create --topic {topic.Name} --partitions {topic.Partitions} --replication-factor {topic.ReplicationFactor}")
        + string.Concat(topic.Settings.Select(s => $" --config {s.Key}={s.Value}"));
}
