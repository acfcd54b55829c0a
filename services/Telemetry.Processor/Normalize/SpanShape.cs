using System.Numerics;
using Telemetry.Contracts.Hashing;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// All that a dialect may recognise a span by, as one number: which known keys it has and of what kind their values are, its name, its scope, and the values of
/// the keys that a dialect named as telling. Seeded anew in each process, so that nobody can make two shapes share a number.
/// </summary>
internal sealed class SpanShape
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const int KindBits = 8;
    private const int Rotation = 29;

    private readonly AttributeKey[] _telling;
    private readonly bool[] _isTelling;

    /// <param name="keys">All known keys; none may be added afterwards.</param>
    /// <param name="telling">Keys whose values count, on the span and on its resource.</param>
    public SpanShape(AttributeKeys keys, IEnumerable<AttributeKey> telling)
    {
        _telling = [.. telling];
        _isTelling = new bool[keys.Count];
        foreach (AttributeKey key in _telling)
        {
            _isTelling[key.Id] = true;
        }
    }

    /// <summary>The number of a span's shape.</summary>
    public ulong Of(DecodedSpan span)
    {
        ulong shape = Mix(ByteHash.Of(span.ScopeName.Span), ByteHash.Of(span.Name.Span));
        foreach (ref readonly (AttributeKey Key, AttributeValue Value) known in span.Attributes.Known)
        {
            ulong kind = ((ulong)known.Value.Kind << 1) | (known.Value.Slice.Length > 0 ? 1UL : 0);
            shape = Mix(shape, ((ulong)known.Key.Id << KindBits) | kind);
            if (known.Key.Id < _isTelling.Length && _isTelling[known.Key.Id])
            {
                shape = Mix(shape, ByteHash.Of(known.Value.Text));
            }
        }

        foreach (AttributeKey key in _telling)
        {
            shape = Mix(shape, ByteHash.Of(span.Resource[key].Text));
        }

        return shape;
    }

    private static ulong Mix(ulong shape, ulong more) => BitOperations.RotateLeft((shape ^ more) * Multiplier, Rotation);
}
