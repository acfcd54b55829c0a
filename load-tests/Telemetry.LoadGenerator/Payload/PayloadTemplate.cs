using System.Buffers.Binary;
using System.Buffers.Text;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>An encoded request, and what makes a new one of it: some bytes overwritten, nothing allocated.</summary>
internal sealed class PayloadTemplate
{
    private const int LeastInput = 1000;
    private const int MostInput = 9999;
    private const int LeastOutput = 128;
    private const int MostOutput = 999;
    private const int HexDigitsOfHalf = 16;
    private const int OutputShift = 32;

    private readonly byte[] _bytes;
    private readonly Patch[] _patches;
    private readonly int _spans;
    private readonly int _traces;

    public PayloadTemplate(TemplateBuffer buffer, RequestShape shape)
    {
        _bytes = buffer.Written.ToArray();
        _patches = [.. buffer.Patches];
        _spans = shape.Spans.Count;
        _traces = shape.Traces;
    }

    /// <summary>Bytes of a request.</summary>
    public int Length => _bytes.Length;

    /// <summary>Makes the request with a number; gives its length.</summary>
    /// <param name="body">Room of at least <see cref="Length"/>.</param>
    /// <param name="request">Number of the request, unique in the run.</param>
    /// <param name="now">When its newest span ended, nanoseconds since 1970.</param>
    /// <param name="ids">Ids of the run.</param>
    /// <param name="keys">How many distinct keys there are.</param>
    public int Fill(Span<byte> body, long request, long now, RunIds ids, KeyCounts keys)
    {
        _bytes.CopyTo(body);
        long firstSpan = request * _spans;
        long firstTrace = request * _traces;
        foreach (ref readonly Patch patch in _patches.AsSpan())
        {
            Span<byte> place = body[patch.Position..];
            switch (patch.Kind)
            {
                case PatchKind.TraceIdBytes:
                    (ulong high, ulong low) = ids.Trace(firstTrace + patch.Item);
                    BinaryPrimitives.WriteUInt64BigEndian(place, high);
                    BinaryPrimitives.WriteUInt64BigEndian(place[sizeof(ulong)..], low);
                    break;
                case PatchKind.SpanIdBytes:
                    BinaryPrimitives.WriteUInt64BigEndian(place, ids.Span(firstSpan + patch.Item));
                    break;
                case PatchKind.TimeBytes:
                    BinaryPrimitives.WriteUInt64LittleEndian(place, (ulong)(now + patch.Offset));
                    break;
                case PatchKind.InputVarint:
                    WriteVarint(place, InputTokens(ids, firstSpan + patch.Item));
                    break;
                case PatchKind.OutputVarint:
                    WriteVarint(place, OutputTokens(ids, firstSpan + patch.Item));
                    break;
                case PatchKind.TraceIdHex:
                    (high, low) = ids.Trace(firstTrace + patch.Item);
                    WriteHex(place, high);
                    WriteHex(place[HexDigitsOfHalf..], low);
                    break;
                case PatchKind.SpanIdHex:
                    WriteHex(place, ids.Span(firstSpan + patch.Item));
                    break;
                case PatchKind.TimeDigits:
                    Utf8Formatter.TryFormat(now + patch.Offset, place, out _);
                    break;
                case PatchKind.ServiceDigits:
                    WriteDigits(place[..4], RunIds.Mix((ulong)request) % (ulong)keys.Services);
                    break;
                case PatchKind.PromptDigits:
                    WriteDigits(place[..4], RunIds.Mix((ulong)(firstTrace + patch.Item)) % (ulong)keys.Prompts);
                    break;
                case PatchKind.RequestDigits:
                    WriteDigits(place[..10], (ulong)request);
                    break;
                case PatchKind.UniqueHex:
                    WriteHex(place, ids.Value(firstSpan + patch.Item));
                    break;
                case PatchKind.InputDigits:
                    WriteDigits(place[..4], (ulong)InputTokens(ids, firstSpan + patch.Item));
                    break;
                default:
                    WriteDigits(place[..3], (ulong)OutputTokens(ids, firstSpan + patch.Item));
                    break;
            }
        }

        return _bytes.Length;
    }

    // Ranges whose numbers all take the same room: two bytes as varint, four and three digits as text.
    private static int InputTokens(RunIds ids, long span) => LeastInput + (int)((uint)ids.Value(span) % (MostInput - LeastInput + 1));

    private static int OutputTokens(RunIds ids, long span) => LeastOutput + (int)((uint)(ids.Value(span) >> OutputShift) % (MostOutput - LeastOutput + 1));

    private static void WriteVarint(Span<byte> place, int value)
    {
        const int Bits = 7;
        const int More = 0x80;
        place[0] = (byte)(value | More);
        place[1] = (byte)(value >> Bits);
    }

    private static void WriteDigits(Span<byte> place, ulong value)
    {
        for (int i = place.Length - 1; i >= 0; i--)
        {
            (value, ulong digit) = Math.DivRem(value, 10);
            place[i] = (byte)('0' + digit);
        }
    }

    private static void WriteHex(Span<byte> place, ulong value)
    {
        for (int i = HexDigitsOfHalf - 1; i >= 0; i--, value >>= 4)
        {
            place[i] = "0123456789abcdef"u8[(int)(value & 0xf)];
        }
    }
}

/// <summary>How many distinct keys the requests of a run use.</summary>
/// <param name="Services">Services.</param>
/// <param name="Prompts">Prompt names.</param>
internal readonly record struct KeyCounts(int Services, int Prompts);
