using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>
/// The attributes of one span, resource or event. Known keys are found by number in constant time; the others are kept in order. Where a key
/// stands twice the last value holds, as OTLP leaves it to the receiver. Reused; holds slices of the record.
/// </summary>
internal sealed class AttributeSet(AttributeKeys keys, AttributeSlots slots)
{
    private readonly List<(AttributeKey Key, AttributeValue Value)> _known = [];

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
            int place = slots.Find(this, key);
            return place == 0 ? default : _known[place - 1].Value;
        }
    }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(AttributeKey key) => this[key].Kind != ValueKind.None;

    /// <summary>Adds a KeyValue message; false when it is malformed.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> keyValue)
    {
        ReadOnlySpan<byte> bytes = keyValue.Span;
        if (PlainKeyValue.TryRead(bytes, keyValue, out int keyLength, out AttributeValue value))
        {
            Add(bytes.Slice(PlainKeyValue.KeyStart, keyLength), keyValue, PlainKeyValue.KeyStart, value);
            return true;
        }

        return TryAddAny(keyValue);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        slots.Release(this);
        _known.Clear();
        Others.Clear();
    }

    private bool TryAddAny(ReadOnlyMemory<byte> keyValue)
    {
        ReadOnlySpan<byte> key = default;
        int keyStart = 0;
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

                int start = reader.Position - bytes.Length;
                if (reader.FieldNumber == OtlpFields.KeyValue.Key)
                {
                    key = bytes;
                    keyStart = start;
                }
                else
                {
                    value = AttributeValue.Read(keyValue.Slice(start, bytes.Length));
                }
            }
            else
            {
                reader.TrySkip();
            }
        }

        Add(key, keyValue, keyStart, value);
        return !reader.IsMalformed;
    }

    private void Add(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> keyValue, int nameStart, in AttributeValue value)
    {
        if (!keys.TryFind(name, out AttributeKey key))
        {
            Others.Add((keyValue.Slice(nameStart, name.Length), value));
            return;
        }

        int place = slots.Find(this, key);
        if (place > 0)
        {
            _known[place - 1] = (key, value);
        }
        else
        {
            _known.Add((key, value));
            slots.Note(key, _known.Count);
        }
    }
}
