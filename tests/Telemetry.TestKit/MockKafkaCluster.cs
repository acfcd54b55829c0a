using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.TestKit;

/// <summary>librdkafka's mock cluster: several brokers on loopback that speak Kafka's protocol and fail on command.</summary>
public sealed partial class MockKafkaCluster : IDisposable
{
    private const string Librdkafka = "librdkafka.so.1";
    private readonly nint _client;
    private readonly nint _cluster;
    private bool _disposed;

    public MockKafkaCluster(int brokers = 3)
    {
        byte[] error = new byte[512];
        _client = New(0, NewConfiguration(), error, error.Length);
        if (_client == 0)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(error));
        }

        _cluster = NewCluster(_client, brokers);
        BootstrapServers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string BootstrapServers { get; }

    public void CreateTopic(string topic, int partitions, int replicas) => Check(CreateTopic(_cluster, topic, partitions, replicas));

    public void SetLeader(string topic, int partition, int broker) => Check(SetLeader(_cluster, topic, partition, broker));

    /// <summary>Brokers count from 1.</summary>
    public void BrokerDown(int broker) => Check(SetDown(_cluster, broker));

    public void BrokerUp(int broker) => Check(SetUp(_cluster, broker));

    /// <summary>The next requests of this kind are answered with these error codes, in order.</summary>
    public void PushErrors(short apiKey, params int[] errors) => PushErrors(_cluster, apiKey, (nuint)errors.Length, errors);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            DestroyCluster(_cluster);
            Destroy(_client);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"librdkafka error {error}");
        }
    }

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, byte[] error, nint errorBytes);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetLeader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short apiKey, nuint count, int[] errors);
}
