using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>Asks the dialects in their declared order which of them a span speaks.</summary>
internal sealed class NormalizeStage(IReadOnlyList<ISpanDialect> dialects) : IStage
{
    /// <inheritdoc />
    public void Process(SpanBatch batch)
    {
        foreach (SpanItem item in batch.Items)
        {
            item.Call.NotBilledBecause = "no known convention";
            foreach (ISpanDialect dialect in dialects)
            {
                if (dialect.Recognizes(item.Span))
                {
                    item.Call.NotBilledBecause = "";
                    item.IsCall = dialect.Read(item.Span, item.Call);
                    break;
                }
            }
        }
    }
}
