namespace Telemetry.Processor.Events;

/// <summary>One judgement that a span tells, as slices of its record.</summary>
/// <param name="Id">Hexadecimal text; the same for the same span and place on it.</param>
/// <param name="SpanId">The span that was judged; empty when the whole trace was.</param>
/// <param name="Name">What was judged.</param>
/// <param name="Value">The score; null when it has a label alone.</param>
/// <param name="Label">The score in words.</param>
/// <param name="Explanation">Why.</param>
/// <param name="Author">Who judged.</param>
/// <param name="IsHuman">Whether a person judged.</param>
internal readonly record struct ToldScore(
    byte[] Id, ReadOnlyMemory<byte> SpanId, ReadOnlyMemory<byte> Name, double? Value, ReadOnlyMemory<byte> Label, ReadOnlyMemory<byte> Explanation, ReadOnlyMemory<byte> Author, bool IsHuman);
