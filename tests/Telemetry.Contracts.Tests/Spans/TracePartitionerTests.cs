using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Spans;

public class TracePartitionerTests
{
    /// <summary>Known hashes of Apache Kafka's murmur2 (its UtilsTest).</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_is_Kafkas(string text, int expected) =>
        Assert.Equal(expected, unchecked((int)TracePartitioner.Murmur2(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Every_partition_is_within_range_and_stays_the_same_for_a_trace() =>
        Check.QuickThrowOnFailure(Prop.ForAll<byte[], PositiveInt>((trace, partitions) =>
        {
            int partition = TracePartitioner.PartitionOf(trace, partitions.Get);
            return partition >= 0 && partition < partitions.Get && partition == TracePartitioner.PartitionOf(trace, partitions.Get);
        }));

    [Fact]
    public void Random_traces_are_spread_evenly()
    {
        const int Traces = 64_000;
        var random = new Random(1);
        int[] counts = new int[64];
        byte[] trace = new byte[16];
        for (int i = 0; i < Traces; i++)
        {
            random.NextBytes(trace);
            counts[TracePartitioner.PartitionOf(trace, counts.Length)]++;
        }

        // 1000 a partition expected with a standard deviation of 32; five of them are allowed.
        Assert.All(counts, c => Assert.InRange(c, 840, 1160));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_topic_without_partitions_is_an_error(int partitions) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TracePartitioner.PartitionOf(new byte[16], partitions));
}
