using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>
/// Ids that look random and never repeat: a counter, keyed by the run, through a mixing function that gives every number another number
/// (SplitMix64's, Steele, Lea and Flood 2014). Nothing has to be remembered to keep them unique.
/// </summary>
internal sealed class RunIds
{
    private const int NameDigits = 8;
    private readonly ulong _spans;
    private readonly ulong _traces;
    private readonly ulong _traceEnds;
    private readonly ulong _values;

    public RunIds()
        : this(RandomNumberGenerator.GetBytes(4 * sizeof(ulong)))
    {
    }

    public RunIds(ReadOnlySpan<byte> key)
    {
        _spans = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _traces = BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]);
        _traceEnds = BinaryPrimitives.ReadUInt64LittleEndian(key[(2 * sizeof(ulong))..]);
        _values = BinaryPrimitives.ReadUInt64LittleEndian(key[(3 * sizeof(ulong))..]);
        Name = Mix(_spans ^ _values).ToString("x16", null)[..NameDigits];
    }

    /// <summary>What tells the spans of this run from those of any other; part of the service name.</summary>
    public string Name { get; }

    /// <summary>Id of a span.</summary>
    public ulong Span(long number) => Mix((ulong)number + _spans);

    /// <summary>Id of a trace, its two halves.</summary>
    public (ulong High, ulong Low) Trace(long number)
    {
        ulong high = Mix((ulong)number + _traces);
        return (high, Mix(high ^ _traceEnds));
    }

    /// <summary>Another random-looking number of a span, for response ids and token counts.</summary>
    public ulong Value(long number) => Mix((ulong)number + _values);

    /// <summary>Which span of the run an id is; false when it is none of the first <paramref name="count"/>.</summary>
    public bool TryGetNumber(ReadOnlySpan<byte> spanId, long count, out long number)
    {
        number = spanId.Length == sizeof(ulong) ? (long)(Unmix(BinaryPrimitives.ReadUInt64BigEndian(spanId)) - _spans) : -1;
        return number >= 0 && number < count;
    }

    /// <summary>Undoes <see cref="Mix"/>.</summary>
    public static ulong Unmix(ulong x)
    {
        x = (x ^ (x >> 31) ^ (x >> 62)) * 0x319642b2d24d8ec3;
        x = (x ^ (x >> 27) ^ (x >> 54)) * 0x96de1b173f119089;
        return (x ^ (x >> 30) ^ (x >> 60)) - 0x9e3779b97f4a7c15;
    }

    /// <summary>One-to-one over all 64-bit numbers.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
