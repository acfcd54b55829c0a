using System.Globalization;
using System.Runtime.InteropServices;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Bills every provider call once: drops what an exporter sent again, and tells calls from the spans that repeat them, over all that is remembered of a
/// trace. Calls of earlier batches that turn out to be repeated are taken back by corrections. As a stage it takes in what it must know of each span; it decides
/// once all spans of the batch are there, and tells what it decided otherwise than the spans say by themselves.
/// </summary>
internal sealed class AttributeStage : IStage
{
    private readonly TraceWindow _window;
    private readonly TraceBill _bill;
    private readonly List<SeenSpan> _taken = [];
    private readonly List<int> _places = [];
    private readonly ModelStems _stems = new();
    private readonly Action<int, bool, string> _decided;
    private readonly List<SpanOutcome> _outcomes = [];
    private int _stamp;

    public AttributeStage(TraceWindow window)
    {
        _window = window;
        _bill = new TraceBill(window);
        _decided = Decide;
    }

    /// <summary>What the batch at hand decided beyond what its spans say by themselves.</summary>
    public BatchDecisions Decisions { get; private set; } = new();

    /// <summary>What a noted batch decided when it was processed first; set before it is decided on again, and used once.</summary>
    public BatchDecisions? Noted { get; set; }

    /// <summary>The decisions as they are to be carried out, each span at most once; a span that is not among them is what it is by itself.</summary>
    public IReadOnlyList<SpanOutcome> Outcomes => _outcomes;

    /// <summary>The spans of the batch at hand, in their order.</summary>
    public ReadOnlySpan<SeenSpan> Taken => CollectionsMarshal.AsSpan(_taken);

    /// <summary>Starts a new batch.</summary>
    public void Clear() => _taken.Clear();

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        int first = _taken.Count;
        CollectionsMarshal.SetCount(_taken, first + items.Length);
        Span<SeenSpan> added = CollectionsMarshal.AsSpan(_taken)[first..];
        for (int i = 0; i < items.Length; i++)
        {
            SeenSpans.Read(items[i], first + i, _stems, out added[i]);
        }
    }

    /// <summary>Decides on the whole batch, whose spans were taken in before.</summary>
    public void Decide()
    {
        _stamp++;
        _outcomes.Clear();
        Remember();
        if (Noted is { } noted)
        {
            Decisions = noted;
            Noted = null;
            Repeat(noted);
        }
        else
        {
            Decisions.Clear();
            DecideAnew();
        }

        Close();
    }

    private void Remember()
    {
        _places.Clear();
        foreach (ref readonly SeenSpan seen in Taken)
        {
            _places.Add(_window.Find(seen.Trace, seen.Span) >= 0 ? -1 : _window.Add(seen));
        }
    }

    private void DecideAnew()
    {
        ReadOnlySpan<int> places = CollectionsMarshal.AsSpan(_places);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] < 0)
            {
                Decisions.AddDuplicate(i);
                _outcomes.Add(new SpanOutcome(i, SpanOutcomeKind.Duplicate, ""));
            }
            else if (_window[places[i]].Stamp != _stamp)
            {
                _bill.Evaluate(_window[places[i]].Trace, _stamp, _decided);
            }
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
            Decisions.Corrections.Add(new Correction(span.TraceHex, span.SpanHex, reason));
        }
    }

    private void DecideOpen(ref SeenSpan span, bool isBilled, string reason)
    {
        span.Fate = isBilled ? SpanFate.Billed : SpanFate.NotBilled;
        if (isBilled && span.Role == SpanRole.Wrapper)
        {
            Decisions.AddAggregate(span.BatchIndex);
            _outcomes.Add(new SpanOutcome(span.BatchIndex, SpanOutcomeKind.Aggregate, ""));
        }
        else if (!isBilled && span.Role != SpanRole.Wrapper)
        {
            Decisions.AddNotBilled(span.BatchIndex, reason);
            _outcomes.Add(new SpanOutcome(span.BatchIndex, SpanOutcomeKind.NotBilled, reason));
        }
    }

    private void Repeat(BatchDecisions noted)
    {
        noted.ForEach(outcome =>
        {
            _outcomes.Add(outcome);
            if (_places[outcome.Index] >= 0)
            {
                _window[_places[outcome.Index]].Fate = outcome.Kind == SpanOutcomeKind.Aggregate ? SpanFate.Billed : SpanFate.NotBilled;
            }
        });
        foreach (Correction correction in noted.Corrections)
        {
            int place = _window.Find(
                UInt128.Parse(correction.Trace, NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(correction.Span, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            if (place >= 0)
            {
                _window[place].Fate = SpanFate.NotBilled;
            }
        }
    }

    // From here on the spans of this batch are of an earlier one. What nobody decided on is what it says by itself.
    private void Close()
    {
        foreach (int place in _places)
        {
            if (place >= 0)
            {
                ref SeenSpan span = ref _window[place];
                span.BatchIndex = -1;
                if (span.Fate == SpanFate.Open)
                {
                    span.Fate = span.Role is SpanRole.Call or SpanRole.ServerCall ? SpanFate.Billed : SpanFate.NotBilled;
                }
            }
        }
    }
}
