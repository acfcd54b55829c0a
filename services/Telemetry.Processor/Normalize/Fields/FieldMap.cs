using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>
/// Which attribute means which field, and which of several names wins. Reading goes over the attributes that a span has, not over all names that it could
/// have, so that a further dialect costs nothing on the spans of the others.
/// </summary>
internal sealed class FieldMap(AttributeKeys keys)
{
    private static readonly int Fields = Enum.GetValues<Field>().Length;

    private readonly List<(bool IsMapped, Field Field, int Rank)> _byKey = [];
    private readonly List<string> _names = [];
    private readonly int[] _ranks = new int[Fields];

    /// <summary>Adds names of a field; the ones added first win.</summary>
    public FieldMap Add(Field field, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            int id = keys.Add(name).Id;
            while (_byKey.Count <= id)
            {
                _byKey.Add(default);
                _names.Add("");
            }

            if (!_byKey[id].IsMapped)
            {
                _byKey[id] = (true, field, ++_ranks[(int)field]);
                _names[id] = name;
            }
        }

        return this;
    }

    /// <summary>The field that a key means, and its rank among the names of the field (1 wins over 2); false when it means none.</summary>
    public bool TryFind(AttributeKey key, out Field field, out int rank)
    {
        (bool isMapped, field, rank) = (uint)key.Id < (uint)_byKey.Count ? _byKey[key.Id] : default;
        return isMapped;
    }

    /// <summary>The name of a mapped key.</summary>
    public string NameOf(AttributeKey key) => _names[key.Id];
}
