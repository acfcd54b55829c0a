using System.Text;
using Telemetry.Contracts.Hashing;

namespace Telemetry.Processor.Decode;

/// <summary>A key that some dialect reads, as a small dense number.</summary>
internal readonly record struct AttributeKey(int Id);

/// <summary>
/// All keys that the dialects read. Each dialect registers its own when it is made; afterwards a key's bytes are turned into its number by one
/// hash lookup, without allocation.
/// </summary>
internal sealed class AttributeKeys
{
    private readonly List<byte[]> _names = [];
    private readonly List<bool> _isGeneric = [];
    private readonly Dictionary<byte[], int> _ids = new(Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public AttributeKeys() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Number of registered keys.</summary>
    public int Count => _names.Count;

    /// <summary>Names of the registered keys, by number.</summary>
    public IEnumerable<string> Names => _names.Select(n => Encoding.UTF8.GetString(n));

    /// <summary>Whether a name has no namespace: one dialect reads it, in the spans of all others it is the app's own.</summary>
    public bool IsGeneric(AttributeKey key) => _isGeneric[key.Id];

    /// <summary>The bytes of a key's name.</summary>
    public ReadOnlyMemory<byte> NameOf(AttributeKey key) => _names[key.Id];

    /// <summary>Registers a key; the same name always gets the same number.</summary>
    public AttributeKey Add(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        if (!_ids.TryGetValue(bytes, out int id))
        {
            id = _names.Count;
            _names.Add(bytes);
            _isGeneric.Add(!name.Contains('.', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal));
            _ids[bytes] = id;
        }

        return new AttributeKey(id);
    }

    /// <summary>The number of a key; false when no dialect reads it.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out AttributeKey key)
    {
        bool found = _lookup.TryGetValue(name, out int id);
        key = new AttributeKey(id);
        return found;
    }

    private sealed class Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Comparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)ByteHash.Of(alternate);
    }
}
