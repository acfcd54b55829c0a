using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// One way in which instrumentations tell of LLM calls. When it is made, a dialect adds its attribute names to the field map, and registers the keys that it
/// needs beyond. Dialects are asked in their declared order (<see cref="DialectList"/>); the first that recognises a span reads it.
/// </summary>
internal interface ISpanDialect
{
    /// <summary>Its name in the column <c>convention</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Keys whose values, on the span or its resource, <see cref="Recognizes"/> looks at. Of all others it may ask only whether they are there, of what kind and
    /// whether empty: its answer is remembered for all spans of the same shape (<see cref="SpanShape"/>).
    /// </summary>
    IEnumerable<AttributeKey> TellingKeys => [];

    /// <summary>Whether the span speaks this dialect, by evidence on the span itself: marker attributes before the scope name, which custom tracers hide.</summary>
    bool Recognizes(DecodedSpan span, FieldValues fields);

    /// <summary>
    /// Puts right what the common names do not tell in this dialect, by changing <paramref name="fields"/> before they are read; gives the span's role.
    /// May set on the call what no field holds (operation, content, flags).
    /// </summary>
    SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call);

    /// <summary>What the totals of this dialect leave out; asked after <see cref="Read"/>, when the provider is known.</summary>
    UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call);
}
