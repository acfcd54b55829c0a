using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// The last spans of a partition, by span and by trace. Bounded: the oldest span makes room for the newest. Owned by one lane; allocates only while it grows
/// to its bound.
/// </summary>
internal sealed class TraceWindow
{
    private const int SmallestSize = 1024;
    private const int None = -1;

    private readonly int _capacity;
    private readonly uint _seed;
    private SeenSpan[] _spans;
    private int[] _spanBuckets;
    private int[] _traceBuckets;
    private int _next;

    /// <param name="capacity">Most spans remembered.</param>
    /// <param name="seed">Scatters the hash; ids come from the network.</param>
    public TraceWindow(int capacity, uint seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _seed = seed | 1;
        Resize(Math.Min(capacity, SmallestSize));
    }

    /// <summary>Spans remembered now.</summary>
    public int Count { get; private set; }

    /// <summary>Nanoseconds since 1970: every span that ended later and came is remembered.</summary>
    public long CompleteSince { get; set; }

    /// <summary>Bytes held for the spans remembered.</summary>
    public long Bytes => ((long)_spans.Length * Unsafe.SizeOf<SeenSpan>()) + ((long)(_spanBuckets.Length + _traceBuckets.Length) * sizeof(int));

    /// <summary>The trace of a span.</summary>
    public static TenantTrace TraceKey(DecodedSpan span) => new(TraceKey(span.TraceId.Span), Tenants.Hash(span.Tenant.Span));

    /// <summary>A trace id as a number; ids of another length are told apart as far as 16 bytes go.</summary>
    public static UInt128 TraceKey(ReadOnlySpan<byte> id)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        id[..Math.Min(id.Length, padded.Length)].CopyTo(padded);
        return BinaryPrimitives.ReadUInt128BigEndian(padded);
    }

    /// <summary>A span id as a number; 0 for none.</summary>
    public static ulong SpanKey(ReadOnlySpan<byte> id)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        id[..Math.Min(id.Length, padded.Length)].CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    /// <summary>The span at a place that <see cref="Add"/>, <see cref="Find"/> or <see cref="NewestOf"/> gave.</summary>
    public ref SeenSpan this[int place] => ref _spans[place];

    /// <summary>The place of a span; -1 when it is not remembered.</summary>
    public int Find(TenantTrace trace, ulong span)
    {
        int place = _spanBuckets[SpanBucket(trace, span)];
        while (place != None && !(_spans[place].Span == span && _spans[place].Trace == trace))
        {
            place = _spans[place].NextInSpanBucket;
        }

        return place;
    }

    /// <summary>Remembers a span that is not remembered yet; gives its place. Places stay until so many spans came after as fit.</summary>
    public int Add(in SeenSpan span)
    {
        if (Count == _spans.Length && Count < _capacity)
        {
            Resize((int)Math.Min(_capacity, (long)_spans.Length * 2));
        }

        int place = _next;
        _next = (_next + 1) % _spans.Length;
        if (Count == _spans.Length)
        {
            Forget(place);
        }
        else
        {
            Count++;
        }

        _spans[place] = span;
        Link(place);
        return place;
    }

    /// <summary>The newest remembered span of a trace, else -1; go on with <see cref="OlderOf"/>.</summary>
    public int NewestOf(TenantTrace trace) => SameTrace(_traceBuckets[TraceBucket(trace)], trace);

    /// <summary>The next older span of the same trace, else -1.</summary>
    public int OlderOf(int place) => SameTrace(_spans[place].OlderInTraceBucket, _spans[place].Trace);

    private int SameTrace(int place, TenantTrace trace)
    {
        while (place != None && _spans[place].Trace != trace)
        {
            place = _spans[place].OlderInTraceBucket;
        }

        return place;
    }

    [MemberNotNull(nameof(_spans), nameof(_spanBuckets), nameof(_traceBuckets))]
    private void Resize(int size)
    {
        // Only a window that never wrapped grows, so places stay what they are.
        SeenSpan[] old = _spans ?? [];
        _spans = new SeenSpan[size];
        old.CopyTo(_spans, 0);
        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)size);
        _spanBuckets = new int[buckets];
        _traceBuckets = new int[buckets];
        Array.Fill(_spanBuckets, None);
        Array.Fill(_traceBuckets, None);
        _next = Count;
        for (int place = 0; place < Count; place++)
        {
            Link(place);
        }
    }

    private void Link(int place)
    {
        ref SeenSpan span = ref _spans[place];
        ref int spanHead = ref _spanBuckets[SpanBucket(span.Trace, span.Span)];
        span.NextInSpanBucket = spanHead;
        spanHead = place;
        ref int traceHead = ref _traceBuckets[TraceBucket(span.Trace)];
        span.OlderInTraceBucket = traceHead;
        span.NewerInTraceBucket = None;
        if (traceHead != None)
        {
            _spans[traceHead].NewerInTraceBucket = place;
        }

        traceHead = place;
    }

    private void Forget(int place)
    {
        ref SeenSpan span = ref _spans[place];
        CompleteSince = Math.Max(CompleteSince, span.End);
        ref int link = ref _spanBuckets[SpanBucket(span.Trace, span.Span)];
        while (link != place)
        {
            link = ref _spans[link].NextInSpanBucket;
        }

        link = span.NextInSpanBucket;
        if (span.OlderInTraceBucket != None)
        {
            _spans[span.OlderInTraceBucket].NewerInTraceBucket = span.NewerInTraceBucket;
        }

        if (span.NewerInTraceBucket != None)
        {
            _spans[span.NewerInTraceBucket].OlderInTraceBucket = span.OlderInTraceBucket;
        }
        else
        {
            _traceBuckets[TraceBucket(span.Trace)] = span.OlderInTraceBucket;
        }
    }

    private int SpanBucket(TenantTrace trace, ulong span) => (int)(Mix((ulong)trace.Id ^ (ulong)(trace.Id >> 64) ^ (span * 0x9E3779B97F4A7C15)) & (uint)(_spanBuckets.Length - 1));

    private int TraceBucket(TenantTrace trace) => (int)(Mix((ulong)trace.Id ^ BitOperations.RotateLeft((ulong)(trace.Id >> 64), 31)) & (uint)(_traceBuckets.Length - 1));

    private uint Mix(ulong value)
    {
        value ^= (ulong)_seed << 32 | _seed;
        value *= 0xFF51AFD7ED558CCD;
        value ^= value >> 32;
        value *= 0xC4CEB9FE1A85EC53;
        return (uint)(value >> 32);
    }
}
