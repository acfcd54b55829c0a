namespace Telemetry.Detection.Compare;

/// <summary>The latest hour, minute by minute.</summary>
internal sealed class MinuteRing
{
    /// <summary>Minutes that it holds.</summary>
    public const int Length = 64;

    private readonly Slot[] _slots = new Slot[Length];
    private readonly bool[] _isExcluded = new bool[Length];
    private readonly bool[] _isDropped = new bool[Length];
    private int _next;

    /// <summary>A ring of minutes that say nothing.</summary>
    public MinuteRing() => Array.Fill(_isExcluded, true);

    /// <summary>Adds a minute.</summary>
    /// <param name="slot">The minute.</param>
    /// <param name="isExcluded">Whether nothing is to be learned from it.</param>
    public void Push(Slot slot, bool isExcluded)
    {
        _slots[_next] = slot;
        _isExcluded[_next] = isExcluded;
        _isDropped[_next] = false;
        _next = (_next + 1) % Length;
    }

    /// <summary>The minute that lies so far back, 1 being the latest.</summary>
    public Slot this[int back] => _slots[At(back)];

    /// <summary>Replaces what is known of a minute; one that said nothing when it was closed may say something now.</summary>
    public void Amend(int back, Slot slot)
    {
        int at = At(back);
        if (_slots[at].Minute == slot.Minute && slot.Weight > 0 && !_isDropped[at])
        {
            _isExcluded[at] &= _slots[at].Weight > 0;
            _slots[at] = slot;
        }
    }

    /// <summary>The minute that lies so far back, 1 being the latest; null when nothing is to be learned from it.</summary>
    public Slot? Ordinary(int back) => _isExcluded[At(back)] ? null : _slots[At(back)];

    /// <summary>The sum of some minutes.</summary>
    /// <param name="minutes">How many.</param>
    /// <param name="behind">How many later ones are left out.</param>
    public Slot Sum(int minutes, int behind = 0)
    {
        Slot sum = default;
        for (int back = behind + 1; back <= behind + minutes; back++)
        {
            sum += _slots[At(back)];
        }

        return sum;
    }

    /// <summary>Nothing is to be learned from the latest minutes.</summary>
    public void Exclude(int minutes)
    {
        for (int back = 1; back <= minutes; back++)
        {
            _isExcluded[At(back)] = true;
        }
    }

    /// <summary>Empties the minutes from which nothing is to be learned, so that no later window has them in it.</summary>
    public void DropExcluded()
    {
        for (int i = 0; i < Length; i++)
        {
            if (_isExcluded[i])
            {
                _isDropped[i] = _slots[i].Weight > 0;
                _slots[i] = Slot.Empty(_slots[i].Minute);
            }
        }
    }

    private int At(int back) => (_next - back + (2 * Length)) % Length;
}
