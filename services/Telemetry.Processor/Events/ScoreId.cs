using System.Buffers.Binary;
using System.Security.Cryptography;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Events;

/// <summary>
/// The id under which a judgement counts once, however often it was sent: the one that it carries, or else a hash of all that it says. It depends on the record
/// alone, so a replay gives the same.
/// </summary>
internal static class ScoreId
{
    /// <summary>Longest id that is taken as it is.</summary>
    public const int Longest = 64;

    private const int HashBytes = 16;

    /// <summary>Writes the id of a judgement.</summary>
    /// <param name="item">The event.</param>
    /// <param name="keys">Its attributes.</param>
    /// <param name="id">Room for <see cref="Longest"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(SpanItem item, EventKeys keys, Span<byte> id)
    {
        AttributeSet a = item.Span.Attributes;
        if (a[keys.ScoreId].Text is { Length: > 0 and <= Longest } own)
        {
            own.CopyTo(id);
            return own.Length;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, item.Span.Start);
        hash.AppendData(number);
        Append(hash, item.Span.TraceId.Span);
        Append(hash, item.Span.SpanId.Span);
        foreach (AttributeKey key in (ReadOnlySpan<AttributeKey>)[keys.EvaluationName, keys.EvaluationLabel, keys.EvaluationExplanation, keys.ResponseId, keys.ErrorType, keys.ScoreSource, keys.User])
        {
            Append(hash, a[key].Text);
        }

        bool hasValue = a[keys.EvaluationValue].TryGetNumber(out double value);
        BinaryPrimitives.WriteDoubleLittleEndian(number, hasValue ? value : double.NaN);
        hash.AppendData(number);
        Convert.TryToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashBytes), id, out int written);
        return written;
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
