using System.Buffers.Binary;

namespace Telemetry.Contracts.Spans;

/// <summary>
/// Puts all spans of one trace into one partition: <c>(murmur2(trace_id) &amp; 0x7fffffff) mod partitions</c>, what Kafka's own
/// default partitioner does with the 16 bytes of the trace id as the record key (Apache Kafka, <c>DefaultPartitioner</c>,
/// <c>Utils.murmur2</c>). Any Kafka producer that keys by the binary trace id therefore agrees with us.
/// </summary>
public static class TracePartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>The partition for a trace.</summary>
    /// <param name="traceId">The binary trace id, normally 16 bytes; any length is hashed.</param>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    public static int PartitionOf(ReadOnlySpan<byte> traceId, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)((Murmur2(traceId) & 0x7fffffff) % (uint)partitions);
    }

    /// <summary>The 32-bit MurmurHash2 with the seed that Kafka uses.</summary>
    public static uint Murmur2(ReadOnlySpan<byte> data)
    {
        uint hash = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word ^= word >> 24;
            word *= Multiplier;
            hash = (hash * Multiplier) ^ word;
            data = data[4..];
        }

        if (data.Length > 0)
        {
            if (data.Length == 3)
            {
                hash ^= (uint)data[2] << 16;
            }

            if (data.Length >= 2)
            {
                hash ^= (uint)data[1] << 8;
            }

            hash ^= data[0];
            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
