using System.Numerics;

namespace Telemetry.LoadGenerator.Measure;

/// <summary>
/// Counts durations in buckets whose width grows with them, as HdrHistogram does: 128 buckets for each doubling, so that a quantile is told
/// at most 0.8 % too long, and never too short. Bounded memory, no locks; any number of threads may record.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int Sub = 1 << SubBits;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly long[] _counts = new long[(sizeof(long) * 8 - SubBits) * Sub];
    private long _count;
    private long _max;

    /// <summary>Recorded durations.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The longest one in nanoseconds, exact.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <summary>Records a duration in nanoseconds; a negative one, which clocks that drift make, counts as none.</summary>
    public void Record(long nanoseconds)
    {
        long value = Math.Max(0, nanoseconds);
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        Interlocked.Increment(ref _count);
        for (long max = Volatile.Read(ref _max); value > max;)
        {
            long seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max)
            {
                return;
            }

            max = seen;
        }
    }

    /// <summary>The duration that the given share of all recorded ones do not exceed, in nanoseconds; 0 when there are none.</summary>
    public long Quantile(double share)
    {
        long count = Count;
        long rank = Math.Clamp((long)Math.Ceiling(share * count), 1, Math.Max(1, count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += Volatile.Read(ref _counts[bucket]);
            if (seen >= rank)
            {
                return Math.Min(LargestOf(bucket), Max);
            }
        }

        return Max;
    }

    /// <summary>The counts between bounds in milliseconds, and above the last of them.</summary>
    public IReadOnlyList<LatencyBucket> ToBuckets(IReadOnlyList<double> bounds)
    {
        var buckets = new List<LatencyBucket>();
        long below = 0;
        foreach (double bound in bounds)
        {
            long upTo = CountUpTo((long)(bound * NanosecondsPerMillisecond));
            buckets.Add(new LatencyBucket(bound, upTo - below));
            below = upTo;
        }

        buckets.Add(new LatencyBucket(null, Count - below));
        return buckets;
    }

    // Buckets that end at or before a duration.
    private long CountUpTo(long nanoseconds)
    {
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length && LargestOf(bucket) <= nanoseconds; bucket++)
        {
            seen += Volatile.Read(ref _counts[bucket]);
        }

        return seen;
    }

    /// <summary>The quantiles that are reported, in milliseconds.</summary>
    public Quantiles ToQuantiles() => new(Count, Milliseconds(0.5), Milliseconds(0.9), Milliseconds(0.99), Milliseconds(0.999), Max / NanosecondsPerMillisecond);

    /// <summary>The bucket of a value; values up to 127 have one each.</summary>
    internal static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (shift * Sub) + (int)(value >> shift);
    }

    /// <summary>The largest value of a bucket.</summary>
    internal static long LargestOf(int bucket)
    {
        int shift = Math.Max(0, (bucket / Sub) - 1);
        long first = (bucket - (shift * Sub)) * (1L << shift);
        return first + (1L << shift) - 1;
    }

    private double Milliseconds(double share) => Quantile(share) / NanosecondsPerMillisecond;
}

/// <summary>Requests that took at most so long, but longer than the bucket before.</summary>
/// <param name="Milliseconds">Upper bound; null for the last one, which has none.</param>
/// <param name="Count">Requests.</param>
internal sealed record LatencyBucket(double? Milliseconds, long Count);

/// <summary>Quantiles in milliseconds.</summary>
internal sealed record Quantiles(long Count, double P50, double P90, double P99, double P999, double Max);
