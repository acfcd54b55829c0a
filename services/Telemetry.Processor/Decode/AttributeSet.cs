using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>
/// The attributes of one span, resource or event. Known keys are found by number in constant time; the others are kept in order. Where a key
/// stands twice the last value holds, as OTLP leaves it to the receiver. Reused; holds slices of the record.
/// </summary>
internal sealed class AttributeSet(AttributeKeys keys)
{
    private readonly List<(AttributeKey Key, AttributeValue Value)> _known = [];
    private int[] _slots = new int[keys.Count];

    /// <summary>The keys that are known.</summary>
    public AttributeKeys Keys => keys;

    /// <summary>Attributes that some dialect reads, in the order sent.</summary>
    public ReadOnlySpan<(AttributeKey Key, AttributeValue Value)> Known => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_known);

    /// <summary>Attributes that no dialect reads.</summary>
    public List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> Others { get; } = [];

    /// <summary>The value of a key; of kind None when it is absent.</summary>
    public AttributeValue this[AttributeKey key]
    {
        get
        {
            int slot = (uint)key.Id < (uint)_slots.Length ? _slots[key.Id] : 0;
            return slot == 0 ? default : _known[slot - 1].Value;
        }
    }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(AttributeKey key) => this[key].Kind != ValueKind.None;

    /// <summary>Adds a KeyValue message; false when it is malformed.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> keyValue)
    {
        ReadOnlyMemory<byte> key = default;
        AttributeValue value = default;
        var reader = new ProtobufReader(keyValue.Span);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber is OtlpFields.KeyValue.Key or OtlpFields.KeyValue.Value && reader.WireType == WireType.LengthDelimited)
            {
                if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
                {
                    return false;
                }

                ReadOnlyMemory<byte> slice = keyValue.Slice(reader.Position - bytes.Length, bytes.Length);
                if (reader.FieldNumber == OtlpFields.KeyValue.Key)
                {
                    key = slice;
                }
                else
                {
                    value = AttributeValue.Read(slice);
                }
            }
            else
            {
                reader.TrySkip();
            }
        }

        Add(key, value);
        return !reader.IsMalformed;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach ((AttributeKey key, _) in _known)
        {
            _slots[key.Id] = 0;
        }

        _known.Clear();
        Others.Clear();
    }

    private void Add(ReadOnlyMemory<byte> name, AttributeValue value)
    {
        if (!keys.TryFind(name.Span, out AttributeKey key))
        {
            Others.Add((name, value));
            return;
        }

        if (key.Id >= _slots.Length)
        {
            Array.Resize(ref _slots, keys.Count);
        }

        if (_slots[key.Id] > 0)
        {
            _known[_slots[key.Id] - 1] = (key, value);
        }
        else
        {
            _known.Add((key, value));
            _slots[key.Id] = _known.Count;
        }
    }
}
