using System.Collections.Concurrent;

namespace Telemetry.Contracts.Prices;

/// <summary>
/// A bounded map of what was looked up recently, in two generations: when the young one is full it becomes the old one, and an old entry that is asked
/// for again moves to the young one. A flood of new keys therefore pushes out what nobody asks for and keeps what is in use. A hit neither locks nor
/// allocates. Safe for many threads.
/// </summary>
internal sealed class RecentCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _turn = new();
    private readonly int _generation = Math.Max(1, capacity / 2);
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private int _youngCount;

    /// <summary>Entries held now; at most the capacity, plus one for each thread that adds at that moment.</summary>
    public int Count => _young.Count + _old.Count;

    public bool TryGet(TKey key, out TValue? value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out value))
        {
            return false;
        }

        Add(key, value);
        return true;
    }

    public void Add(TKey key, TValue value)
    {
        if (_young.TryAdd(key, value) && Interlocked.Increment(ref _youngCount) >= _generation)
        {
            lock (_turn)
            {
                if (_youngCount >= _generation)
                {
                    _old = _young;
                    _young = new ConcurrentDictionary<TKey, TValue>();
                    _youngCount = 0;
                }
            }
        }
    }
}
