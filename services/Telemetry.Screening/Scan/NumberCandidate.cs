using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Telemetry.Screening.Scan;

/// <summary>
/// Digits from one place on, in the groups in which they are written: a number that rules look at. Bounded, whatever the text is.
/// </summary>
internal ref struct NumberCandidate
{
    /// <summary>Digits that are looked at.</summary>
    public const int MostDigits = 24;

    /// <summary>Groups that are looked at.</summary>
    public const int MostGroups = 9;

    private DigitBuffer _digits;
    private GroupBuffer _lengths;
    private GroupBuffer _separators;
    private EndBuffer _ends;

    /// <summary>Reads from the first digit of a group.</summary>
    public NumberCandidate(ReadOnlySpan<byte> text, int start)
    {
        Text = text;
        Start = start;
        Read();
    }

    /// <summary>The text around.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Offset of the first digit.</summary>
    public int Start { get; }

    /// <summary>The byte before the first digit; 0 at the beginning of the text.</summary>
    public readonly byte Before => Characters.At(Text, Start - 1);

    /// <summary>Number of groups.</summary>
    public int Groups { get; private set; }

    /// <summary>Number of digits in all groups.</summary>
    public int Count { get; private set; }

    /// <summary>The digits, as numbers from 0 to 9.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Digits => ((ReadOnlySpan<byte>)_digits)[..Count];

    /// <summary>Number of digits in a group; 0 behind the last one.</summary>
    public readonly int Length(int group) => group < Groups ? _lengths[group] : 0;

    /// <summary>What stands before a group: a space, dash, dot, slash, or an opening bracket for anything with brackets; 0 before the first.</summary>
    public readonly byte Separator(int group) => group < Groups ? _separators[group] : (byte)0;

    /// <summary>Offset behind a group.</summary>
    public readonly int EndOf(int group) => _ends[group];

    /// <summary>
    /// Whether the number begins with groups of these lengths, all parted by one and the same of the separators, and ends with them. A further number behind a
    /// space is another number.
    /// </summary>
    public readonly bool HasShape(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> separators, out int end)
    {
        end = 0;
        if (Groups < lengths.Length)
        {
            return false;
        }

        for (int i = 0; i < lengths.Length; i++)
        {
            if (_lengths[i] != lengths[i] || (i > 0 && (_separators[i] != _separators[1] || !separators.Contains(_separators[i]))))
            {
                return false;
            }
        }

        end = _ends[lengths.Length - 1];
        return EndsAt(lengths.Length);
    }

    /// <summary>Whether it is one group of that many digits, with nothing joined to it.</summary>
    public readonly bool IsUnbroken(int digits, out int end)
    {
        end = Groups > 0 ? _ends[0] : 0;
        return Groups > 0 && _lengths[0] == digits && EndsAt(1);
    }

    /// <summary>Whether the number may end before a group: nothing but a space joins that one, and no letter or fraction follows.</summary>
    public readonly bool EndsAt(int group)
    {
        int end = _ends[group - 1];
        if (Characters.IsWordAt(Text, end))
        {
            return false;
        }

        return (group >= Groups || _separators[group] is (byte)' ' or (byte)'/' or (byte)'(')
            && !(Characters.At(Text, end) is (byte)'.' or (byte)'-' && Characters.IsDigit(Characters.At(Text, end + 1)));
    }

    private void Read()
    {
        int at = Start;
        byte separator = 0;
        while (Groups < MostGroups)
        {
            int first = Count;
            while (at < Text.Length && Characters.IsDigit(Text[at]))
            {
                if (Count == MostDigits)
                {
                    // Longer than any number that is looked for: the group is left out.
                    Count = first;
                    return;
                }

                _digits[Count++] = (byte)(Text[at++] - '0');
            }

            _lengths[Groups] = (byte)(Count - first);
            _separators[Groups] = separator;
            _ends[Groups++] = at;
            if (!TrySeparator(ref at, out separator))
            {
                return;
            }
        }
    }

    // One separator, or up to three characters with a bracket among them, and a digit behind.
    private readonly bool TrySeparator(ref int at, out byte separator)
    {
        int next = at + Characters.Separator(Text, at, out separator);
        if (Characters.At(Text, next) is (byte)'(' or (byte)')')
        {
            separator = (byte)'(';
            next++;
            next += Characters.Separator(Text, next, out _);
        }

        if (next == at || !Characters.IsDigit(Characters.At(Text, next)))
        {
            return false;
        }

        at = next;
        return true;
    }

    [InlineArray(MostDigits)]
    private struct DigitBuffer
    {
        private byte _first;
    }

    [InlineArray(MostGroups)]
    private struct GroupBuffer
    {
        private byte _first;
    }

    [InlineArray(MostGroups)]
    private struct EndBuffer
    {
        private int _first;
    }
}
