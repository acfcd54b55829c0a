using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Decides for the spans of one trace which of them are billed, from all that is known of the trace, so that the order of arrival does not matter. The rules,
/// with their reasons, stand in docs/decisions/0060.
/// </summary>
internal sealed class TraceBill
{
    private const int MostNeighbours = 64;
    private const long ClockToleranceNanoseconds = 1_000_000_000;
    private const long NestingToleranceNanoseconds = 50_000_000;

    private readonly TraceWindow _window;
    private readonly TraceTree _tree;
    private readonly List<int> _billed = [];
    private readonly Comparison<int> _earliestFirst;

    public TraceBill(TraceWindow window)
    {
        _window = window;
        _tree = new TraceTree(window);
        _earliestFirst = (a, b) => SpanOf(a).Start != SpanOf(b).Start ? SpanOf(a).Start.CompareTo(SpanOf(b).Start) : SpanOf(b).End.CompareTo(SpanOf(a).End);
    }

    /// <summary>Evaluates a trace; <paramref name="decided"/> is told of every candidate that is still open or billed: its place, whether it is billed, else why not.</summary>
    public void Evaluate(TenantTrace trace, int stamp, Action<int, bool, string> decided)
    {
        _tree.Collect(trace, stamp);
        if (_tree.Count > 1)
        {
            foreach (int candidate in _tree.FromTheLeaves())
            {
                Settle(candidate);
            }

            SettleStrangers();
        }
        else if (_tree.Count == 1)
        {
            Settle(0);
        }

        _tree.Release(decided);
    }

    private ref Candidate At(int index) => ref _tree.At(index);

    private ref SeenSpan SpanOf(int index) => ref _tree.SpanOf(index);

    private void Settle(int index)
    {
        switch (SpanOf(index).Role)
        {
            case SpanRole.Call:
                SettleCall(index);
                break;
            case SpanRole.ServerCall:
                SettleServerCall(index);
                break;
            default:
                SettleWrapper(index);
                break;
        }

        _tree.PassUp(index);
    }

    private void SettleCall(int index)
    {
        DropWrappersBelow(index);
        ref Candidate candidate = ref At(index);
        if (candidate.FirstBelow < 0)
        {
            candidate.IsBilled = true;
            return;
        }

        SeenSpan span = _window[candidate.Place];
        if (!span.HasUsage && !span.IsConfirmedCall)
        {
            _tree.Refuse(index, NotBilled.Wrapper);
            return;
        }

        bool usageBelow = false;
        for (int below = candidate.FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            usageBelow |= SpanOf(below).HasUsage;
        }

        if (!usageBelow)
        {
            candidate.IsBilled = true;
            TakeOverSilent(index);
            return;
        }

        candidate.IsBilled = span.IsConfirmedCall || TakeOverEqual(index);
        if (!candidate.IsBilled)
        {
            _tree.Refuse(index, NotBilled.Wrapper);
        }
    }

    // The calls below report no tokens: they are this call seen by another instrumentation, except failed attempts at it.
    private void TakeOverSilent(int index)
    {
        bool failed = SpanOf(index).IsError;
        for (int below = At(index).FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            if (failed || !SpanOf(below).IsError)
            {
                _tree.Refuse(below, NotBilled.SameCall);
                SpanOf(index).IsConfirmedCall = true;
            }
        }
    }

    // One call below has the same tokens and tells less: the same call seen by another instrumentation. The deeper one is kept where it tells as much.
    private bool TakeOverEqual(int index)
    {
        SeenSpan span = _window[At(index).Place];
        for (int below = At(index).FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            SeenSpan other = _window[At(below).Place];
            if (other.Input == span.Input && other.Output == span.Output && span.Detail > other.Detail && !other.IsConfirmedCall && other.Scope != span.Scope)
            {
                _tree.Refuse(below, NotBilled.SameCall);
                SpanOf(index).IsConfirmedCall = true;
                return true;
            }
        }

        return false;
    }

    private void DropWrappersBelow(int index)
    {
        int previous = -1;
        for (int below = At(index).FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            bool isWrapper = SpanOf(below).Role == SpanRole.Wrapper;
            if (isWrapper)
            {
                _tree.Refuse(below, NotBilled.Wrapper);
                _tree.Unlink(index, previous, below);
            }
            else
            {
                previous = below;
            }
        }
    }

    private void SettleServerCall(int index)
    {
        ref Candidate candidate = ref At(index);
        if (_tree.HasBelow(index, SpanRole.Call))
        {
            _tree.Refuse(index, NotBilled.Wrapper);
        }
        else if (_tree.HasAbove(index))
        {
            _tree.Refuse(index, NotBilled.ServerSide);
        }
        else
        {
            candidate.IsBilled = true;
        }
    }

    private void SettleWrapper(int index)
    {
        // Whatever stood below may have been forgotten when the wrapper began before the window does.
        if (At(index).FirstBelow >= 0 || SpanOf(index).Start < _window.CompleteSince)
        {
            _tree.Refuse(index, NotBilled.Wrapper);
        }
        else
        {
            At(index).IsBilled = true;
        }
    }

    // Reports of one call that are not above one another: siblings of two instrumentations, and spans whose chain of parents is broken, because the spans
    // between are not about LLMs and were let go, or were sampled away.
    private void SettleStrangers()
    {
        _billed.Clear();
        for (int i = 0; i < _tree.Count; i++)
        {
            if (At(i).IsBilled)
            {
                _billed.Add(i);
            }
        }

        _billed.Sort(_earliestFirst);
        for (int i = 0; i < _billed.Count; i++)
        {
            long end = SpanOf(_billed[i]).End + ClockToleranceNanoseconds;
            for (int j = i + 1; j < _billed.Count && j <= i + MostNeighbours && SpanOf(_billed[j]).Start <= end; j++)
            {
                if (At(_billed[i]).IsBilled && At(_billed[j]).IsBilled)
                {
                    Compare(_billed[i], _billed[j]);
                }
            }

            if (At(_billed[i]).IsBilled && SpanOf(_billed[i]).Role == SpanRole.Call)
            {
                CompareWithSum(i);
            }
        }
    }

    private void Compare(int a, int b)
    {
        SeenSpan first = _window[At(a).Place];
        SeenSpan second = _window[At(b).Place];
        if (first.Role == SpanRole.Wrapper || second.Role == SpanRole.Wrapper)
        {
            CompareWithWrapper(a, b, first, second);
            return;
        }

        bool oneIsServer = first.Role != second.Role;
        bool sameResponse = first.Response != 0 && first.Response == second.Response && CallReports.Overlap(first, second);
        bool isSame = sameResponse || (oneIsServer
            ? (At(a).IsBroken || At(b).IsBroken || first.Parent == second.Parent) && CallReports.Nested(first, second, ClockToleranceNanoseconds) && CallReports.Agree(first, second)
            : (first.Parent == second.Parent || At(a).IsBroken || At(b).IsBroken) && first.Scope != second.Scope
                && CallReports.Nested(first, second, NestingToleranceNanoseconds) && CallReports.Agree(first, second));
        if (isSame)
        {
            int worse = oneIsServer ? (first.Role == SpanRole.ServerCall ? a : b) : (CallReports.SecondIsWorse(first, second) ? b : a);
            _tree.Refuse(worse, oneIsServer ? NotBilled.ServerSide : NotBilled.SameCall);
            SpanOf(worse == a ? b : a).IsConfirmedCall = true;
        }
    }

    // A wrapper that is billed for want of calls below gives way to any call beside it whose chain of parents is broken: it may well stand around it.
    private void CompareWithWrapper(int a, int b, in SeenSpan first, in SeenSpan second)
    {
        if (first.Role == second.Role)
        {
            return;
        }

        (int wrapper, int call) = first.Role == SpanRole.Wrapper ? (a, b) : (b, a);
        if (At(call).IsBroken && CallReports.Overlap(first, second))
        {
            _tree.Refuse(wrapper, NotBilled.Wrapper);
        }
    }

    // A span that stands around calls with a broken chain, and whose tokens are their sum, is their wrapper, whatever it calls itself.
    private void CompareWithSum(int orderIndex)
    {
        int index = _billed[orderIndex];
        SeenSpan span = _window[At(index).Place];
        if (span.Input < 0 || span.Output < 0 || span.IsConfirmedCall)
        {
            return;
        }

        (long input, long output, int count) = (0, 0, 0);
        for (int j = orderIndex + 1; j < _billed.Count && j <= orderIndex + MostNeighbours && SpanOf(_billed[j]).Start <= span.End; j++)
        {
            SeenSpan other = _window[At(_billed[j]).Place];
            if (At(_billed[j]).IsBilled && At(_billed[j]).IsBroken && other.Role == SpanRole.Call && other.Scope != span.Scope && other.End <= span.End + NestingToleranceNanoseconds)
            {
                (input, output, count) = (input + Math.Max(other.Input, 0), output + Math.Max(other.Output, 0), count + 1);
            }
        }

        if (count > 1 && input == span.Input && output == span.Output && input + output > 0)
        {
            _tree.Refuse(index, NotBilled.Wrapper);
        }
    }
}
