using FsCheck;
using FsCheck.Fluent;
using Telemetry.LoadGenerator.Measure;

namespace Telemetry.LoadGenerator.Tests.Measure;

/// <summary>Quantiles of the histogram, held against the exact ones.</summary>
public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0, 0.01, 0.5, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void A_quantile_is_never_too_short_and_at_most_one_percent_too_long() => Prop.ForAll<long[]>(
        Gen.Choose(0, 30).SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(n => (long)n << bits >> 15)).NonEmptyListOf().Select(l => l.ToArray()).ToArbitrary(),
        values =>
        {
            LatencyHistogram histogram = Recorded(values);
            long[] sorted = [.. values.Order()];
            foreach (double share in Shares)
            {
                long exact = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
                Assert.InRange(histogram.Quantile(share), exact, exact + (exact / 100) + 1);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_value_lies_in_its_bucket_and_after_the_one_before() => Prop.ForAll<long>(
        Gen.Choose(0, 32).SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(n => (long)n << bits)).ToArbitrary(),
        value =>
        {
            int bucket = LatencyHistogram.BucketOf(value);
            Assert.True(value <= LatencyHistogram.LargestOf(bucket));
            Assert.True(bucket == 0 || value > LatencyHistogram.LargestOf(bucket - 1));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_recorded_is_zero() => Assert.Equal(new Quantiles(0, 0, 0, 0, 0, 0), new LatencyHistogram().ToQuantiles());

    [Fact]
    public void Buckets_hold_every_duration_once()
    {
        LatencyHistogram histogram = Recorded([0, 500_000, 1_500_000, 40_000_000, 3_000_000_000]);
        Assert.Equal([2, 1, 1, 1], histogram.ToBuckets([1, 10, 100]).Select(b => b.Count));
    }

    [Fact]
    public async Task Threads_may_record_at_once()
    {
        var histogram = new LatencyHistogram();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Record((t * 10_000) + i);
            }
        })));
        Assert.Equal(40_000, histogram.Count);
        Assert.Equal(39_999, histogram.Max);
    }

    private static LatencyHistogram Recorded(long[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}
