namespace Telemetry.Processor.Decode;

/// <summary>
/// Where each key stands in one attribute set: in the set that was asked last. Spans are worked on one after the other, so that one table for all of them stays
/// in the processor's cache, where a table for each would not.
/// </summary>
internal sealed class AttributeSlots(AttributeKeys keys)
{
    private int[] _places = new int[keys.Count];
    private AttributeSet? _owner;

    /// <summary>The place of a key in a set, counted from 1; 0 when it is not there.</summary>
    public int Find(AttributeSet set, AttributeKey key)
    {
        if (!ReferenceEquals(_owner, set))
        {
            Take(set);
        }

        return (uint)key.Id < (uint)_places.Length ? _places[key.Id] : 0;
    }

    /// <summary>Notes the place of a key that was added to the set asked last.</summary>
    public void Note(AttributeKey key, int place)
    {
        if (key.Id >= _places.Length)
        {
            Array.Resize(ref _places, keys.Count);
        }

        _places[key.Id] = place;
    }

    /// <summary>Forgets the set, which is about to change.</summary>
    public void Release(AttributeSet set)
    {
        if (ReferenceEquals(_owner, set))
        {
            ClearOwner();
            _owner = null;
        }
    }

    private void Take(AttributeSet set)
    {
        ClearOwner();
        _owner = set;
        ReadOnlySpan<(AttributeKey Key, AttributeValue Value)> known = set.Known;
        for (int i = 0; i < known.Length; i++)
        {
            Note(known[i].Key, i + 1);
        }
    }

    private void ClearOwner()
    {
        if (_owner is not null)
        {
            foreach ((AttributeKey key, _) in _owner.Known)
            {
                _places[key.Id] = 0;
            }
        }
    }
}
