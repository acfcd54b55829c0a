using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Telemetry.Keys;

/// <summary>What a presented key is.</summary>
public enum KeyVerdict
{
    /// <summary>One of ours, and it is taken now.</summary>
    Valid,

    /// <summary>Not the form of a key, or its checksum is wrong: a typo, or another product's.</summary>
    Malformed,

    /// <summary>Not one of ours, or its time is over. Which of the two is not told apart, so that nobody can find out which ids there are.</summary>
    Refused,
}

/// <summary>All keys, looked up by their ids. Immutable; checking allocates nothing.</summary>
public sealed class KeyRing
{
    private readonly FrozenDictionary<string, Entry> _byId;
    private readonly FrozenDictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <summary>Makes the ring of a set.</summary>
    public KeyRing(KeySet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Set = set;
        _byId = set.Keys.ToFrozenDictionary(k => k.Id, k => new Entry(k, Convert.FromHexString(k.Hash)), StringComparer.Ordinal);
        _lookup = _byId.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What the file says.</summary>
    public KeySet Set { get; }

    /// <summary>Looks at a presented key.</summary>
    public KeyVerdict Check(ReadOnlySpan<char> presented, DateTimeOffset now, out IngestKey? key)
    {
        key = null;
        if (!KeyText.TryReadId(presented, out ReadOnlySpan<char> id))
        {
            return KeyVerdict.Malformed;
        }

        // An unknown id is compared too, so that the time tells nothing.
        bool known = _lookup.TryGetValue(id, out Entry? entry);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(presented, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash, known ? entry!.Hash : _nobody) || !known || !entry!.Key.IsValidAt(now))
        {
            return KeyVerdict.Refused;
        }

        key = entry.Key;
        return KeyVerdict.Valid;
    }

    private sealed record Entry(IngestKey Key, byte[] Hash);
}
