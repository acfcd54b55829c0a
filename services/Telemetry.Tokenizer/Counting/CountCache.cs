using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Telemetry.Tokenizer.Counting;

/// <summary>
/// A bounded map from texts to their token counts, in two generations: when the young one is full it becomes the old one, and an old entry that is asked for
/// again moves to the young one. So a flood of texts that come once pushes out what nobody asks for, and keeps the prompts in use. A text is known by half
/// of its SHA-256, which nobody can make collide. Safe for many threads; allocates nothing once its tables have grown.
/// </summary>
internal sealed class CountCache
{
    private readonly Shard[] _shards;

    /// <param name="capacity">The most entries that are held, a multiple of 16.</param>
    public CountCache(int capacity)
    {
        const int Shards = 8;
        const int Generations = 2;
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity % (Shards * Generations), 0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard(capacity / Shards / Generations))];
    }

    /// <summary>Entries that are held now.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>The count of a text, from the cache or else from the encoding.</summary>
    public int GetOrCount(BytePairEncoding encoding, ReadOnlySpan<byte> utf8)
    {
        Span<ulong> hash = stackalloc ulong[SHA256.HashSizeInBytes / sizeof(ulong)];
        SHA256.HashData(utf8, MemoryMarshal.AsBytes(hash));
        var key = new Key(encoding, hash[0], hash[1]);
        Shard shard = _shards[hash[2] % (ulong)_shards.Length];
        if (!shard.TryGet(key, out int count))
        {
            count = encoding.Count(utf8);
            shard.Add(key, count);
        }

        return count;
    }

    private readonly record struct Key(BytePairEncoding Encoding, ulong Low, ulong High);

    private sealed class Shard(int generation)
    {
        private readonly Lock _lock = new();
        private Dictionary<Key, int> _young = [];
        private Dictionary<Key, int> _old = [];

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _young.Count + _old.Count;
                }
            }
        }

        public bool TryGet(Key key, out int count)
        {
            lock (_lock)
            {
                if (_young.TryGetValue(key, out count))
                {
                    return true;
                }

                if (!_old.Remove(key, out count))
                {
                    return false;
                }

                AddYoung(key, count);
                return true;
            }
        }

        public void Add(Key key, int count)
        {
            lock (_lock)
            {
                AddYoung(key, count);
            }
        }

        private void AddYoung(Key key, int count)
        {
            _young[key] = count;
            if (_young.Count >= generation)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }
        }
    }
}
