using System.Globalization;
using Google.Protobuf;
using Telemetry.Otlp;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Attribution;

/// <summary>What a lane has written so far: the ids of billed calls, with corrections taken off, and why others are not billed.</summary>
internal sealed class Bill(int capacity = 4096)
{
    private readonly StageRun _run = new(new TraceWindow(capacity, 1));

    /// <summary>Rows of a span id in llm_calls, summed with their sign; 0 and 1 are right, all else is a defect.</summary>
    public Dictionary<int, int> Calls { get; } = [];

    /// <summary>Why a span is not billed.</summary>
    public Dictionary<int, string> Reasons { get; } = [];

    /// <summary>Corrections so far.</summary>
    public int Corrections { get; private set; }

    /// <summary>Spans dropped as sent before.</summary>
    public int Dropped { get; private set; }

    /// <summary>Ids of the calls that stand, in order.</summary>
    public int[] Billed => [.. Calls.Where(c => c.Value != 0).Select(c => c.Key).Order()];

    /// <summary>One batch; each span in a scope of its own name, when it has one.</summary>
    public Bill Batch(params (string Scope, Span Span)[] spans)
    {
        var data = new TracesData();
        foreach ((string scope, Span span) in spans)
        {
            var scopeSpans = new ScopeSpans { Scope = new InstrumentationScope { Name = scope } };
            scopeSpans.Spans.Add(span);
            data.ResourceSpans.Add(new ResourceSpans { Resource = new Resource(), ScopeSpans = { scopeSpans } });
        }

        Assert.Null(_run.Run(data.ToByteArray()));
        foreach (SpanItem item in _run.Batch.Items)
        {
            Take(item);
        }

        foreach (Correction correction in _run.Attribute.Decisions.Corrections)
        {
            int id = int.Parse(correction.Span, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Calls[id] = Calls.GetValueOrDefault(id) - 1;
            Reasons[id] = correction.Reason;
            Corrections++;
        }

        return this;
    }

    public Bill Batch(params Span[] spans) => Batch([.. spans.Select(s => ("tests", s))]);

    private void Take(SpanItem item)
    {
        int id = TraceSpans.IdOf(item.Span.SpanId);
        if (item.IsDropped)
        {
            Dropped++;
        }
        else if (item.IsCall)
        {
            Calls[id] = Calls.GetValueOrDefault(id) + 1;
        }
        else
        {
            Reasons[id] = item.Call.NotBilledBecause;
        }
    }
}
