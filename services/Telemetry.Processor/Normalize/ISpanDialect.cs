using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>One way in which instrumentations tell of LLM calls. A dialect registers the keys it reads when it is made.</summary>
internal interface ISpanDialect
{
    /// <summary>Its name in the column <c>convention</c>.</summary>
    string Name { get; }

    /// <summary>Whether the span speaks this dialect, by evidence on the span itself. Dialects are asked in their declared order.</summary>
    bool Recognizes(DecodedSpan span);

    /// <summary>Fills in what the span means; gives whether it is a billable provider call.</summary>
    bool Read(DecodedSpan span, LlmCall call);
}
