namespace Telemetry.Fuzz.Mutation;

/// <summary>One field of a message or of a message in it, as positions.</summary>
/// <param name="Tag">Where its tag begins.</param>
/// <param name="Length">Where its length begins; for other types where the value begins.</param>
/// <param name="Value">Where its value begins.</param>
/// <param name="End">Behind the value.</param>
/// <param name="Parent">Index of the field that it is in; -1 at the top.</param>
/// <param name="Number">Its number.</param>
/// <param name="Wire">Its wire type.</param>
internal readonly record struct ProtobufField(int Tag, int Length, int Value, int End, int Parent, int Number, int Wire);

/// <summary>
/// The fields of a message, found without its schema: whatever reads as a message is taken for one. Fields can be replaced so that the lengths around them stay right.
/// </summary>
internal sealed class ProtobufFields
{
    private const int Deepest = 48;
    private const int Most = 4096;

    private readonly List<ProtobufField> _fields = [];

    /// <summary>The fields, outer before inner.</summary>
    public IReadOnlyList<ProtobufField> All => _fields;

    /// <summary>Looks at a message from a position on; what does not read as fields is left out.</summary>
    public void Scan(ReadOnlySpan<byte> bytes, int from)
    {
        _fields.Clear();
        TryScan(bytes, from, bytes.Length, -1, 0);
    }

    /// <summary>Replaces bytes inside of a field (of the top for -1), and sets the lengths of everything around them right.</summary>
    public void Replace(Draft draft, int parent, int start, int length, ReadOnlySpan<byte> with)
    {
        if (!draft.Replace(start, length, with))
        {
            return;
        }

        int grown = with.Length - length;
        Span<byte> varint = stackalloc byte[Varint.Longest];
        for (int i = parent; i >= 0; i = _fields[i].Parent)
        {
            ProtobufField field = _fields[i];
            Span<byte> prefix = Varint.Write(varint, (ulong)Math.Max(0, field.End - field.Value + grown));
            if (!draft.Replace(field.Length, field.Value - field.Length, prefix))
            {
                return;
            }

            grown += prefix.Length - (field.Value - field.Length);
        }
    }

    private bool TryScan(ReadOnlySpan<byte> bytes, int position, int end, int parent, int depth)
    {
        ReadOnlySpan<byte> message = bytes[..end];
        while (position < end && _fields.Count < Most)
        {
            int tagAt = position;
            if (!Varint.TryRead(message, ref position, out ulong tag) || tag >> 3 is 0 or > 536_870_911)
            {
                return false;
            }

            int lengthAt = position;
            int value = position;
            switch (tag & 7)
            {
                case 0 when Varint.TryRead(message, ref position, out _):
                    break;
                case 1 when end - position >= 8:
                    position += 8;
                    break;
                case 2 when Varint.TryRead(message, ref position, out ulong length) && length <= (ulong)(end - position):
                    value = position;
                    position += (int)length;
                    break;
                case 5 when end - position >= 4:
                    position += 4;
                    break;
                default:
                    return false;
            }

            int index = _fields.Count;
            _fields.Add(new ProtobufField(tagAt, lengthAt, value, position, parent, (int)(tag >> 3), (int)(tag & 7)));
            if ((tag & 7) == 2 && position > value && depth < Deepest && !TryScan(bytes, value, position, index, depth + 1))
            {
                _fields.RemoveRange(index + 1, _fields.Count - index - 1);
            }
        }

        return true;
    }
}
