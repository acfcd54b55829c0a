namespace Telemetry.Fuzz.Mutation;

/// <summary>Changes of messages: mostly such that the message stays readable and says something else.</summary>
internal sealed class ProtobufEdits(IReadOnlyList<byte[]> words)
{
    private readonly ProtobufFields _fields = new();
    private readonly ProtobufFields _others = new();
    private readonly byte[] _made = new byte[Draft.Longest];

    /// <summary>Makes one change behind the control bytes; false when there is no field to change.</summary>
    public bool TryApply(Draft draft, int from, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        _fields.Scan(draft.Bytes, from);
        if (_fields.All.Count == 0)
        {
            return false;
        }

        int index = random.Next(_fields.All.Count);
        ProtobufField field = _fields.All[index];
        ProtobufField other = _fields.All[random.Next(_fields.All.Count)];
        switch (random.Next(16))
        {
            case 0:
                _fields.Replace(draft, field.Parent, field.End, 0, draft.Copy(field.Tag, field.End - field.Tag));
                break;
            case 1:
                _fields.Replace(draft, field.Parent, field.Tag, field.End - field.Tag, []);
                break;
            case 2:
                _fields.Replace(draft, field.Parent, field.Tag, 0, draft.Copy(other.Tag, other.End - other.Tag));
                break;
            case 3 when other.Wire == 2:
                SetValue(draft, index, draft.Copy(other.Value, other.End - other.Value));
                break;
            case 4:
                SetTag(draft, field, random.OneIn(3) ? random.Next(40) : field.Number, random.OneIn(2) ? random.Next(8) : field.Wire);
                break;
            case 5:
                SetTag(draft, field, 1 + random.Next(17), field.Wire);
                break;
            case 6 when field.Wire == 2:
                ForgeLength(draft, field, random);
                break;
            case 7 when field.Wire is 0 or 2:
                PadVarint(draft, field, random);
                break;
            case 8:
                InsertUnknown(draft, field, random);
                break;
            case 9 when field.Wire != 2:
                SetNumber(draft, field, random);
                break;
            case 10 when field.Wire == 2 && field.End > field.Value:
                SetValue(draft, index, draft.Copy(field.Value, random.Next(field.End - field.Value)));
                break;
            case 11 when field.Wire == 2:
                Nest(draft, index, random);
                break;
            case 12:
                InsertFromAnother(draft, from, field, random, seeds);
                break;
            case 13 when random.OneIn(8):
                Repeat(draft, field, random);
                break;
            case 14 when field.Wire == 2:
                EditValue(draft, index, random);
                break;
            case 15 when field.Wire == 2 && words.Count > 0:
                SetValue(draft, index, random.Pick(words));
                break;
            default:
                SetNumber(draft, field, random);
                break;
        }

        return true;
    }

    private void SetValue(Draft draft, int index, ReadOnlySpan<byte> value)
    {
        ProtobufField field = _fields.All[index];
        if (field.Wire == 2)
        {
            _fields.Replace(draft, index, field.Value, field.End - field.Value, value);
        }
    }

    // As the field's value is bytes of its own, nothing around it changes.
    private void EditValue(Draft draft, int index, FuzzRandom random)
    {
        ProtobufField field = _fields.All[index];
        int length = field.End - field.Value;
        int at = field.Value + random.Next(length + 1);
        switch (random.Next(4))
        {
            case 0 when length > 0:
                draft.Bytes[Math.Min(at, field.End - 1)] = (byte)random.Next(256);
                break;
            case 1 when at < field.End:
                _fields.Replace(draft, index, at, 1 + random.Next(field.End - at), []);
                break;
            case 2 when words.Count > 0:
                _fields.Replace(draft, index, at, 0, random.Pick(words));
                break;
            default:
                _fields.Replace(draft, index, at, 0, [(byte)random.Next(256)]);
                break;
        }
    }

    private void SetTag(Draft draft, ProtobufField field, int number, int wire)
    {
        Span<byte> varint = stackalloc byte[Varint.Longest];
        int old = (field.Wire == 2 ? field.Length : field.Value) - field.Tag;
        _fields.Replace(draft, field.Parent, field.Tag, old, Varint.Write(varint, (ulong)((number << 3) | wire)));
    }

    private static void ForgeLength(Draft draft, ProtobufField field, FuzzRandom random)
    {
        ulong length = (ulong)(field.End - field.Value);
        ulong forged = random.Next(6) switch
        {
            0 => length + 1,
            1 => length - 1,
            2 => length + (ulong)random.Next(200),
            3 => length | (1UL << 32),
            4 => length | (1UL << 63),
            _ => ByteEdits.Number(random),
        };
        Span<byte> varint = stackalloc byte[Varint.Longest];
        draft.Replace(field.Length, field.Value - field.Length, Varint.Write(varint, forged));
    }

    private void PadVarint(Draft draft, ProtobufField field, FuzzRandom random)
    {
        int at = random.OneIn(3) ? field.Tag : field.Length;
        int end = at;
        if (!Varint.TryRead(draft.Bytes, ref end, out ulong value))
        {
            return;
        }

        Span<byte> varint = stackalloc byte[Varint.Longest];
        _fields.Replace(draft, field.Parent, at, end - at, Varint.Write(varint, value, 1 + random.Next(random.OneIn(4) ? 10 : 4)));
    }

    private void InsertUnknown(Draft draft, ProtobufField field, FuzzRandom random)
    {
        Span<byte> varint = stackalloc byte[Varint.Longest];
        int number = random.OneIn(4) ? random.Next(1 << 29) : 1 + random.Next(40);
        int wire = random.Next(8);
        int length = 0;
        Append(Varint.Write(varint, ((ulong)number << 3) | (uint)wire), ref length);
        if (wire == 3 && random.OneIn(2))
        {
            Append(Varint.Write(varint, ((ulong)number << 3) | 4), ref length);
        }
        else
        {
            Append(Varint.Write(varint, wire == 2 ? 3 : ByteEdits.Number(random)), ref length);
            Append("abc"u8, ref length);
            Append("defgh"u8[..(wire == 1 ? 5 : 0)], ref length);
        }

        _fields.Replace(draft, field.Parent, field.Tag, 0, _made.AsSpan(0, length));
    }

    private void SetNumber(Draft draft, ProtobufField field, FuzzRandom random)
    {
        Span<byte> varint = stackalloc byte[Varint.Longest];
        ulong number = ByteEdits.Number(random);
        switch (field.Wire)
        {
            case 0:
                _fields.Replace(draft, field.Parent, field.Value, field.End - field.Value, Varint.Write(varint, number));
                break;
            case 1:
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(draft.Bytes[field.Value..], number);
                break;
            case 5:
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(draft.Bytes[field.Value..], (uint)number);
                break;
            default:
                if (field.End > field.Value)
                {
                    draft.Bytes[field.Value + random.Next(field.End - field.Value)] ^= (byte)(1 << random.Next(8));
                }

                break;
        }
    }

    // The value in an array or list in an array ..., as AnyValue nests.
    private void Nest(Draft draft, int index, FuzzRandom random)
    {
        ProtobufField field = _fields.All[index];
        byte outer = random.OneIn(2) ? (byte)0x2A : (byte)0x32;
        Span<byte> varint = stackalloc byte[Varint.Longest];
        int length = field.End - field.Value;
        int start = _made.Length - length;
        draft.Bytes[field.Value..field.End].CopyTo(_made.AsSpan(start));
        for (int levels = 1 + random.Next(random.OneIn(4) ? 120 : 6); levels > 0 && start > 64; levels--)
        {
            foreach (byte tag in outer == 0x2A ? "\x0A\x2A"u8 : "\x12\x0A\x32"u8)
            {
                Span<byte> prefix = Varint.Write(varint, (ulong)(_made.Length - start));
                prefix.CopyTo(_made.AsSpan(start - prefix.Length));
                start -= prefix.Length + 1;
                _made[start] = tag;
            }
        }

        SetValue(draft, index, _made.AsSpan(start));
    }

    private void InsertFromAnother(Draft draft, int from, ProtobufField field, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        byte[] seed = random.Pick(seeds);
        _others.Scan(seed, Math.Min(from, seed.Length));
        if (_others.All.Count > 0)
        {
            ProtobufField other = random.Pick(_others.All);
            _fields.Replace(draft, field.Parent, field.Tag, random.OneIn(2) ? field.End - field.Tag : 0, seed.AsSpan(other.Tag, other.End - other.Tag));
        }
    }

    private void Repeat(Draft draft, ProtobufField field, FuzzRandom random)
    {
        int one = field.End - field.Tag;
        int length = 0;
        for (int times = 1 << random.Next(13); times > 0 && length + one < _made.Length; times--)
        {
            Append(draft.Bytes[field.Tag..field.End], ref length);
        }

        _fields.Replace(draft, field.Parent, field.Tag, 0, _made.AsSpan(0, length));
    }

    private void Append(ReadOnlySpan<byte> bytes, ref int length)
    {
        bytes.CopyTo(_made.AsSpan(length));
        length += bytes.Length;
    }
}
