using System.Buffers.Binary;

namespace Telemetry.Console.Prometheus;

/// <summary>
/// The bins of a quantilesDD state of ClickHouse: how many values lie between which powers of a base. Source: ClickHouse, src/AggregateFunctions/DDSketch (the encoding of
/// https://github.com/DataDog/sketches-go), as 26.7 writes it; the tests hold it against the engine.
/// </summary>
internal sealed class DdSketch
{
    private const byte LogarithmicMapping = 0x02;
    private const byte PositiveStore = 0x01;
    private const byte NegativeStore = 0x03;
    private const byte ZeroCount = 0x04;
    private const byte ContiguousCounts = 0x0C;
    private const byte IndexDeltasAndCounts = 0x04;
    private const int MostBins = 1 << 16;

    private readonly List<(int Key, double Count)> _bins = [];
    private double _gamma;
    private double _offset;

    private DdSketch()
    {
    }

    /// <summary>Values that are zero or less.</summary>
    public double NotPositive { get; private set; }

    /// <summary>All values.</summary>
    public double Count => NotPositive + _bins.Sum(b => b.Count);

    /// <summary>Sum of all values, within the accuracy of the sketch; those that are not positive count as zero.</summary>
    public double Sum => _bins.Sum(b => b.Count * 2 * Math.Pow(_gamma, b.Key + 1 - _offset) / (1 + _gamma));

    /// <summary>Reads a state.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DdSketch Read(ReadOnlySpan<byte> state)
    {
        var sketch = new DdSketch();
        Expect(ref state, LogarithmicMapping);
        sketch._gamma = Double(ref state);
        sketch._offset = Double(ref state);
        if (!(sketch._gamma > 1))
        {
            throw new InvalidDataException("a sketch with a base that is not above 1");
        }

        Expect(ref state, PositiveStore);
        ReadStore(ref state, sketch._bins);
        Expect(ref state, NegativeStore);
        var negative = new List<(int, double Count)>();
        ReadStore(ref state, negative);
        Expect(ref state, ZeroCount);
        sketch.NotPositive = Double(ref state) + negative.Sum(b => b.Count);
        return sketch;
    }

    /// <summary>How many values lie below a bound, within the accuracy of the sketch. Grows with the bound, and with every value that is added.</summary>
    public double CountBelow(double bound) => NotPositive + _bins.Where(b => Math.Pow(_gamma, b.Key + 0.5 - _offset) <= bound).Sum(b => b.Count);

    private static void ReadStore(ref ReadOnlySpan<byte> state, List<(int Key, double Count)> bins)
    {
        byte encoding = Byte(ref state);
        ulong count = VarUInt(ref state);
        if (count > MostBins)
        {
            throw new InvalidDataException($"a sketch with {count} bins");
        }

        if (encoding == ContiguousCounts)
        {
            long key = VarInt(ref state);
            long step = VarInt(ref state);
            for (ulong i = 0; i < count; i++, key += step)
            {
                Add(bins, key, Double(ref state));
            }
        }
        else if (encoding == IndexDeltasAndCounts)
        {
            long key = 0;
            for (ulong i = 0; i < count; i++)
            {
                key += VarInt(ref state);
                Add(bins, key, Double(ref state));
            }
        }
        else
        {
            throw new InvalidDataException($"a sketch with bins in encoding {encoding}");
        }
    }

    private static void Add(List<(int Key, double Count)> bins, long key, double count)
    {
        if (count > 0)
        {
            bins.Add((checked((int)key), count));
        }
    }

    private static void Expect(ref ReadOnlySpan<byte> state, byte flag)
    {
        byte found = Byte(ref state);
        if (found != flag)
        {
            throw new InvalidDataException($"a sketch with {found} where {flag} is expected");
        }
    }

    private static byte Byte(ref ReadOnlySpan<byte> state)
    {
        byte value = state.Length > 0 ? state[0] : throw new InvalidDataException("a sketch that breaks off");
        state = state[1..];
        return value;
    }

    private static double Double(ref ReadOnlySpan<byte> state)
    {
        if (state.Length < sizeof(double))
        {
            throw new InvalidDataException("a sketch that breaks off");
        }

        double value = BinaryPrimitives.ReadDoubleLittleEndian(state);
        state = state[sizeof(double)..];
        return value;
    }

    private static ulong VarUInt(ref ReadOnlySpan<byte> state)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte(ref state);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a sketch with a number that does not end");
    }

    private static long VarInt(ref ReadOnlySpan<byte> state)
    {
        ulong zigzag = VarUInt(ref state);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }
}
