namespace Telemetry.Processor.Attribution;

/// <summary>
/// Finds spans of a batch that are older than what the window remembers. Whether they came before, and what they belong to, only ClickHouse knows.
/// </summary>
internal sealed class LateSpans(TraceWindow window)
{
    private readonly Dictionary<string, List<string>> _traces = [];

    /// <summary>Ids of late spans by trace id, in lower-case hex; valid until the next call.</summary>
    public IReadOnlyDictionary<string, List<string>> Find(ReadOnlySpan<SeenSpan> batch)
    {
        _traces.Clear();
        foreach (ref readonly SeenSpan span in batch)
        {
            if (span.End < window.CompleteSince && window.Find(span.Trace, span.Span) < 0)
            {
                string trace = span.TraceHex;
                if (!_traces.TryGetValue(trace, out List<string>? spans))
                {
                    _traces[trace] = spans = [];
                }

                spans.Add(span.SpanHex);
            }
        }

        return _traces;
    }
}
