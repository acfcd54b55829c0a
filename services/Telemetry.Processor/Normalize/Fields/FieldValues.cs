using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>The fields of one span: of each, the value under its highest-ranking name. Reused from span to span.</summary>
internal sealed class FieldValues(FieldMap map)
{
    private static readonly int Fields = Enum.GetValues<Field>().Length;

    private readonly AttributeValue[] _values = new AttributeValue[Fields];
    private readonly int[] _ranks = new int[Fields];
    private readonly AttributeKey[] _keys = new AttributeKey[Fields];
    private readonly AttributeValue _none;

    /// <summary>The value of a field; of kind None when no attribute tells it.</summary>
    public ref readonly AttributeValue this[Field field] => ref Has(field) ? ref _values[(int)field] : ref _none;

    /// <summary>Whether an attribute tells the field.</summary>
    public bool Has(Field field) => _ranks[(int)field] > 0;

    /// <summary>Name of the attribute that tells the field; only where <see cref="Has"/>.</summary>
    public string NameOf(Field field) => map.NameOf(_keys[(int)field]);

    /// <summary>Whether the value comes from that attribute.</summary>
    public bool NameIs(Field field, AttributeKey source) => Has(field) && _keys[(int)field] == source;

    /// <summary>The text of a field; empty when it is no text.</summary>
    public ReadOnlyMemory<byte> Text(Field field) => this[field].TextMemory;

    /// <summary>Whether a value says anything: an empty text or list does not.</summary>
    public static bool Tells(in AttributeValue value) => value.Kind switch
    {
        ValueKind.None => false,
        ValueKind.Text or ValueKind.Array or ValueKind.KeyValueList or ValueKind.Bytes => value.Slice.Length > 0,
        _ => true,
    };

    /// <summary>Reads the attributes of a span. What is empty tells nothing.</summary>
    public void Read(AttributeSet attributes)
    {
        // A value without a rank is an earlier span's, and not shown.
        Array.Clear(_ranks);
        foreach (ref readonly (AttributeKey Key, AttributeValue Value) known in attributes.Known)
        {
            if (map.TryFind(known.Key, out Field field, out int rank) && (_ranks[(int)field] == 0 || rank < _ranks[(int)field]) && Tells(known.Value))
            {
                _ranks[(int)field] = rank;
                _values[(int)field] = known.Value;
                _keys[(int)field] = known.Key;
            }
        }
    }

    /// <summary>Puts in what a dialect read by other means, unless an attribute told it.</summary>
    public void Supply(Field field, AttributeValue value, AttributeKey source)
    {
        if (!Has(field) && Tells(value))
        {
            Replace(field, value, source);
        }
    }

    /// <summary>Puts in what a dialect knows better than the names tell.</summary>
    public void Replace(Field field, AttributeValue value, AttributeKey source) =>
        (_ranks[(int)field], _values[(int)field], _keys[(int)field]) = (int.MaxValue, value, source);

    /// <summary>Takes the quotes off every text that is a JSON string: some emitters encode all their values.</summary>
    public void Unquote()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if (_ranks[i] > 0 && _values[i].Text is [(byte)'"', ..])
            {
                _values[i] = AttributeValue.OfText(JsonFields.Unquote(_values[i].TextMemory));
            }
        }
    }

    /// <summary>Takes a field back: what its name holds means something else in this dialect.</summary>
    public void Remove(Field field) => _ranks[(int)field] = 0;
}
