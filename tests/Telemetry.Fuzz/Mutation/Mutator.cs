namespace Telemetry.Fuzz.Mutation;

/// <summary>
/// Makes inputs out of a target's seeds. Input number N of a run is the same wherever and whenever it is made; the first ones are the seeds themselves.
/// </summary>
internal sealed class Mutator(IFuzzTarget target, ulong seed)
{
    private const int MostEdits = 8;

    private readonly FuzzRandom _random = new(seed);
    private readonly Draft _draft = new();
    private readonly ProtobufEdits _protobuf = new(target.Words);
    private readonly JsonEdits _json = new(target.Words);

    /// <summary>An input; valid until the next.</summary>
    public ReadOnlySpan<byte> Make(long index)
    {
        _random.Restart(seed, (ulong)index);
        if (index < target.Seeds.Count)
        {
            _draft.Set(target.Seeds[(int)index]);
            return _draft.Bytes;
        }

        _draft.Set(_random.Pick(target.Seeds));
        for (int edits = 1 + _random.Few(MostEdits - 1); edits > 0; edits--)
        {
            Edit();
        }

        return _draft.Bytes;
    }

    private void Edit()
    {
        int from = target.ControlBytes;
        if (from > 0 && _draft.Length >= from && _random.OneIn(6))
        {
            _draft.Bytes[_random.Next(from)] = (byte)_random.Next(256);
            return;
        }

        if (_draft.Length < from)
        {
            _draft.Replace(_draft.Length, 0, [(byte)_random.Next(256)]);
            return;
        }

        if (_random.OneIn(4) || !TryEditShape(from))
        {
            ByteEdits.Apply(_draft, from, _random, target.Seeds);
        }
    }

    private bool TryEditShape(int from)
    {
        Shapes shape = target.Shapes;
        if ((shape & Shapes.Text) != 0 && target.Words.Count > 0 && (shape == Shapes.Text || _random.OneIn(3)))
        {
            TextEdits.Apply(_draft, from, _random, target.Words);
            return true;
        }

        if ((shape & Shapes.Lengths) != 0 && (shape == Shapes.Lengths || _random.OneIn(2)))
        {
            return LengthEdits.TryApply(_draft, from, _random, target.Words);
        }

        return ((shape & Shapes.Protobuf) != 0 && _protobuf.TryApply(_draft, from, _random, target.Seeds)) || ((shape & Shapes.Json) != 0 && _json.TryApply(_draft, from, _random));
    }
}
