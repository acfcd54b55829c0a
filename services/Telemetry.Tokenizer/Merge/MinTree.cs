using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Telemetry.Tokenizer.Merge;

/// <summary>
/// Numbers of which the smallest and its leftmost place are wanted while single ones change: a tree of minimums, each over eight numbers of the level
/// below. A change costs at most one group a level, and stops where a minimum stays.
/// </summary>
internal readonly ref struct MinTree
{
    /// <summary>Larger than any number that is held.</summary>
    public const uint Nothing = uint.MaxValue;

    private const int Fan = 8;
    private const int FanBits = 3;

    private readonly Span<uint> _values;
    private readonly Span<int> _levels;
    private readonly int _top;

    /// <param name="values">At least <see cref="Size"/> places; the first <paramref name="count"/> hold the numbers.</param>
    /// <param name="levels">At least <see cref="MostLevels"/> places.</param>
    /// <param name="count">How many numbers there are, at least one.</param>
    public MinTree(Span<uint> values, Span<int> levels, int count)
    {
        _values = values;
        _levels = levels;
        int start = 0;
        int size = count;
        while (true)
        {
            levels[_top] = start;
            int padded = Padded(size);
            values.Slice(start + size, padded - size).Fill(Nothing);
            if (padded == Fan)
            {
                break;
            }

            int parents = start + padded;
            size = padded / Fan;
            for (int group = 0; group < size; group++)
            {
                values[parents + group] = Smallest(Group(start, group));
            }

            start = parents;
            _top++;
        }
    }

    /// <summary>Levels of the largest tree.</summary>
    public static int MostLevels => 12;

    /// <summary>Places that a tree over so many numbers takes.</summary>
    public static int Size(int count)
    {
        int size = 0;
        int level = Padded(count);
        for (; level > Fan; level = Padded(level / Fan))
        {
            size = checked(size + level);
        }

        return checked(size + level);
    }

    /// <summary>The smallest of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Smallest(Vector256<uint> group)
    {
        Vector128<uint> four = Vector128.Min(group.GetLower(), group.GetUpper());
        four = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2u, 3u, 0u, 1u)));
        four = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(1u, 0u, 3u, 2u)));
        return four.ToScalar();
    }

    /// <summary>Where the smallest number is, the leftmost of equals; -1 when there is <see cref="Nothing"/>.</summary>
    public int FindSmallest()
    {
        uint smallest = Smallest(Group(_levels[_top], 0));
        if (smallest == Nothing)
        {
            return -1;
        }

        Vector256<uint> wanted = Vector256.Create(smallest);
        int at = 0;
        for (int level = _top; level >= 0; level--)
        {
            uint equal = Vector256.Equals(Group(_levels[level], at), wanted).ExtractMostSignificantBits();
            at = (at << FanBits) + BitOperations.TrailingZeroCount(equal);
        }

        return at;
    }

    /// <summary>Changes one number; gives how many groups were looked at.</summary>
    public int Set(int at, uint value)
    {
        _values[at] = value;
        int looked = 0;
        for (int level = 0; level < _top; level++)
        {
            at >>= FanBits;
            uint smallest = Smallest(Group(_levels[level], at));
            looked++;
            ref uint parent = ref _values[_levels[level + 1] + at];
            if (parent == smallest)
            {
                break;
            }

            parent = smallest;
        }

        return looked;
    }

    private static int Padded(int size) => checked(size + Fan - 1) & -Fan;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Group(int level, int group) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_values.Slice(level + (group << FanBits), Fan)));
}
