using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Bills every provider call once: drops what an exporter sent again, and tells calls from the spans that repeat them, over all that is remembered of a
/// trace. Calls of earlier batches that turn out to be repeated are taken back by corrections.
/// </summary>
internal sealed class AttributeStage : IStage
{
    private readonly TraceWindow _window;
    private readonly TraceBill _bill;
    private readonly List<int> _places = [];
    private readonly ModelStems _stems = new();
    private readonly Action<int, bool, string> _decided;
    private SpanBatch? _batch;
    private int _stamp;
    private int _evaluated;

    public AttributeStage(TraceWindow window)
    {
        _window = window;
        _bill = new TraceBill(window);
        _decided = Decide;
    }

    /// <summary>What the batch at hand decided beyond what its spans say by themselves.</summary>
    public BatchDecisions Decisions { get; private set; } = new();

    /// <summary>What a noted batch decided when it was processed first; set before it is processed again, and used once.</summary>
    public BatchDecisions? Noted { get; set; }

    /// <inheritdoc />
    public void Process(SpanBatch batch)
    {
        _batch = batch;
        _stamp++;
        Remember(batch);
        if (Noted is { } noted)
        {
            Decisions = noted;
            Noted = null;
            Repeat(batch, noted);
            return;
        }

        Decisions.Clear();
        ReadOnlySpan<SpanItem> items = batch.Items;
        for (int i = 0; i < items.Length; i++)
        {
            if (_places[i] < 0)
            {
                Decisions.AddDuplicate(i);
                items[i].IsDropped = true;
                items[i].IsCall = false;
            }
            else if (_window[_places[i]].Stamp != _stamp)
            {
                _evaluated = i;
                _bill.Evaluate(_window[_places[i]].Trace, _stamp, _decided);
            }
        }

        Close();
    }

    private void Remember(SpanBatch batch)
    {
        _places.Clear();
        ReadOnlySpan<SpanItem> items = batch.Items;
        for (int i = 0; i < items.Length; i++)
        {
            SeenSpans.Read(items[i], i, _stems, out SeenSpan seen);
            _places.Add(_window.Find(seen.Trace, seen.Span) >= 0 ? -1 : _window.Add(seen));
        }
    }

    private void Decide(int place, bool isBilled, string reason)
    {
        ref SeenSpan span = ref _window[place];
        if (span.BatchIndex >= 0)
        {
            DecideOpen(ref span, isBilled, reason);
        }
        else if (span.Fate == SpanFate.Billed && !isBilled)
        {
            span.Fate = SpanFate.NotBilled;
            Decisions.Corrections.Add(new Correction(span.Trace.ToString(), span.Span.ToString("x16", null), reason, TenantOf(_batch!.Items[_evaluated])));
        }
    }

    // The trace at hand is of one tenant.
    private static string TenantOf(SpanItem item) => System.Text.Encoding.UTF8.GetString(item.Span.Tenant.Span);

    private void DecideOpen(ref SeenSpan span, bool isBilled, string reason)
    {
        SpanItem item = _batch!.Items[span.BatchIndex];
        span.Fate = isBilled ? SpanFate.Billed : SpanFate.NotBilled;
        if (isBilled && span.Role == SpanRole.Wrapper)
        {
            Decisions.AddAggregate(span.BatchIndex);
            BillAggregate(item);
        }
        else if (!isBilled && span.Role != SpanRole.Wrapper)
        {
            Decisions.AddNotBilled(span.BatchIndex, reason);
            Refuse(item, reason);
        }
    }

    private void Repeat(SpanBatch batch, BatchDecisions noted)
    {
        noted.ForEach((index, isDropped, isAggregate, reason) =>
        {
            SpanItem item = batch.Items[index];
            item.IsDropped = isDropped;
            if (isAggregate)
            {
                BillAggregate(item);
            }
            else
            {
                Refuse(item, isDropped ? "" : reason);
            }
        });
        foreach (Correction correction in noted.Corrections)
        {
            int place = _window.Find(
                new TenantTrace(UInt128.Parse(correction.Trace, System.Globalization.NumberStyles.HexNumber, null), Tenants.Hash(correction.Tenant)), ulong.Parse(correction.Span, System.Globalization.NumberStyles.HexNumber, null));
            if (place >= 0)
            {
                _window[place].Fate = SpanFate.NotBilled;
            }
        }

        Close();
    }

    // From here on the spans of this batch are of an earlier one.
    private void Close()
    {
        ReadOnlySpan<SpanItem> items = _batch!.Items;
        for (int i = 0; i < items.Length; i++)
        {
            if (_places[i] >= 0)
            {
                ref SeenSpan span = ref _window[_places[i]];
                span.BatchIndex = -1;
                span.Fate = items[i].IsCall ? SpanFate.Billed : SpanFate.NotBilled;
            }
        }

        _batch = null;
    }

    private static void BillAggregate(SpanItem item)
    {
        item.IsCall = true;
        item.Call.NotBilledBecause = "";
        item.Call.Flag(Flags.AggregateUsage);
    }

    private static void Refuse(SpanItem item, string reason)
    {
        item.IsCall = false;
        item.Call.NotBilledBecause = reason;
    }
}
