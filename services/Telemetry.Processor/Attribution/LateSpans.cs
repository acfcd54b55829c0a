using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Finds spans of a batch that are older than what the window remembers. Whether they came before, and what they belong to, only ClickHouse knows.
/// </summary>
internal sealed class LateSpans(TraceWindow window)
{
    private readonly Dictionary<string, List<string>> _traces = [];

    /// <summary>Ids of late spans by trace id, in lower-case hex; valid until the next call.</summary>
    public IReadOnlyDictionary<string, List<string>> Find(SpanBatch batch)
    {
        _traces.Clear();
        foreach (SpanItem item in batch.Items)
        {
            DecodedSpan span = item.Span;
            if (span.End < (ulong)Math.Max(window.CompleteSince, 0) && window.Find(TraceWindow.TraceKey(span), TraceWindow.SpanKey(span.SpanId.Span)) < 0)
            {
                string trace = Convert.ToHexStringLower(span.TraceId.Span);
                if (!_traces.TryGetValue(trace, out List<string>? spans))
                {
                    _traces[trace] = spans = [];
                }

                spans.Add(Convert.ToHexStringLower(span.SpanId.Span));
            }
        }

        return _traces;
    }
}
