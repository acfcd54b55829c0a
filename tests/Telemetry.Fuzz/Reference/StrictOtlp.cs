using Google.Protobuf.Reflection;
using Telemetry.Fuzz.Mutation;

namespace Telemetry.Fuzz.Reference;

/// <summary>What of a message the reference library takes, and the product documents that it does not, or reads otherwise.</summary>
[Flags]
internal enum Oddities
{
    /// <summary>Nothing: both must agree.</summary>
    None = 0,

    /// <summary>A group. OTLP has none.</summary>
    Group = 1,

    /// <summary>A number of more bits than it may have, which the reference cuts.</summary>
    LongVarint = 2,

    /// <summary>Two resources in one group, or two scopes, which the reference merges.</summary>
    TwoHeaders = 4,

    /// <summary>Two messages in a field for one, which the reference merges and of which the product takes the last.</summary>
    Merged = 8,

    /// <summary>It does not read as fields at all.</summary>
    Malformed = 16,
}

/// <summary>Looks for oddities with the reference's description of the messages.</summary>
internal static class StrictOtlp
{
    private const int Deepest = 200;
    private const ulong LargestTag = uint.MaxValue;

    /// <summary>The oddities of a message.</summary>
    public static Oddities Find(ReadOnlySpan<byte> message, MessageDescriptor type) => Find(message, type, 0);

    private static Oddities Find(ReadOnlySpan<byte> message, MessageDescriptor type, int depth)
    {
        var found = Oddities.None;
        var seen = new HashSet<int>();
        int position = 0;
        while (position < message.Length && depth < Deepest)
        {
            int start = position;
            if (!Varint.TryRead(message, ref position, out ulong tag))
            {
                return found | Oddities.Malformed;
            }

            found |= tag > LargestTag || IsCut(message[start..position]) ? Oddities.LongVarint : 0;
            start = position;
            switch (tag & 7)
            {
                case 0 when Varint.TryRead(message, ref position, out _):
                    found |= IsCut(message[start..position]) ? Oddities.LongVarint : 0;
                    break;
                case 1 when message.Length - position >= 8:
                    position += 8;
                    break;
                case 2 when Varint.TryRead(message, ref position, out ulong length):
                    found |= length > int.MaxValue || IsCut(message[start..position]) ? Oddities.LongVarint : 0;
                    int cut = (int)(uint)length;
                    if (cut < 0 || cut > message.Length - position)
                    {
                        return found | Oddities.Malformed;
                    }

                    found |= FindIn(message.Slice(position, cut), type, (int)(uint)tag >>> 3, seen, depth);
                    position += cut;
                    break;
                case 3 or 4:
                    return found | Oddities.Group;
                case 5 when message.Length - position >= 4:
                    position += 4;
                    break;
                default:
                    return found | Oddities.Malformed;
            }
        }

        return found;
    }

    private static Oddities FindIn(ReadOnlySpan<byte> value, MessageDescriptor type, int number, HashSet<int> seen, int depth)
    {
        FieldDescriptor? field = type.FindFieldByNumber(number);
        if (field?.FieldType != FieldType.Message)
        {
            return Oddities.None;
        }

        bool again = !field.IsRepeated && !seen.Add(number);
        Oddities found = Find(value, field.MessageType, depth + 1);
        return !again ? found : found | (field.Name is "resource" or "scope" ? Oddities.TwoHeaders : Oddities.Merged);
    }

    // The tenth byte has one bit left.
    private static bool IsCut(ReadOnlySpan<byte> varint) => varint.Length == 10 && varint[^1] > 1;
}
