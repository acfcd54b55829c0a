using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Decides for the spans of one trace which of them are billed, from all that is known of the trace, so that the order of arrival does not matter. The rules,
/// with their reasons, stand in docs/decisions/0060.
/// </summary>
internal sealed class TraceBill
{
    private const int LongestChain = 512;
    private const int MostNeighbours = 64;
    private const int Nobody = -1;
    private const long ClockToleranceNanoseconds = 1_000_000_000;
    private const long NestingToleranceNanoseconds = 50_000_000;

    private readonly TraceWindow _window;
    private readonly List<Candidate> _candidates = [];
    private readonly List<int> _order = [];
    private readonly List<int> _depths = [];
    private readonly Comparison<int> _deepestFirst;
    private readonly Comparison<int> _earliestFirst;

    public TraceBill(TraceWindow window)
    {
        _window = window;
        _deepestFirst = (a, b) => _depths[b] != _depths[a] ? _depths[b].CompareTo(_depths[a]) : a.CompareTo(b);
        _earliestFirst = (a, b) => SpanOf(a).Start != SpanOf(b).Start ? SpanOf(a).Start.CompareTo(SpanOf(b).Start) : SpanOf(b).End.CompareTo(SpanOf(a).End);
    }

    /// <summary>Evaluates a trace; <paramref name="decided"/> is told of every candidate that is still open or billed: its place, whether it is billed, else why not.</summary>
    public void Evaluate(UInt128 trace, int stamp, Action<int, bool, string> decided)
    {
        Collect(trace, stamp);
        if (_candidates.Count > 1)
        {
            FindAncestors();
            SortByDepth();
            foreach (int candidate in _order)
            {
                Settle(candidate);
            }

            SettleStrangers();
        }
        else if (_candidates.Count == 1)
        {
            Settle(0);
        }

        for (int i = 0; i < _candidates.Count; i++)
        {
            ref Candidate candidate = ref At(i);
            _window[candidate.Place].Candidate = Nobody;
            decided(candidate.Place, candidate.IsBilled, candidate.Reason);
        }
    }

    private ref Candidate At(int index) => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_candidates)[index];

    private ref SeenSpan SpanOf(int index) => ref _window[At(index).Place];

    // Calls, and wrappers that repeat usage. What is settled for good takes no part but as a link between others.
    private void Collect(UInt128 trace, int stamp)
    {
        _candidates.Clear();
        for (int place = _window.NewestOf(trace); place >= 0; place = _window.OlderOf(place))
        {
            ref SeenSpan span = ref _window[place];
            span.Stamp = stamp;
            bool takesPart = span.Fate != SpanFate.NotBilled && (span.Role is SpanRole.Call or SpanRole.ServerCall || (span.Role == SpanRole.Wrapper && span.HasUsage));
            span.Candidate = takesPart ? _candidates.Count : Nobody;
            if (takesPart)
            {
                _candidates.Add(new Candidate { Place = place, Ancestor = Nobody, FirstBelow = Nobody, LastBelow = Nobody, NextSibling = Nobody, Reason = "" });
            }
        }
    }

    private void FindAncestors()
    {
        for (int i = 0; i < _candidates.Count; i++)
        {
            ref Candidate candidate = ref At(i);
            SeenSpan span = _window[candidate.Place];
            ulong parent = span.Parent;
            for (int steps = 0; parent != 0 && steps < LongestChain; steps++)
            {
                int place = _window.Find(span.Trace, parent);
                if (place < 0)
                {
                    candidate.IsBroken = true;
                    break;
                }

                if (_window[place].Candidate >= 0 && _window[place].Candidate != i)
                {
                    candidate.Ancestor = _window[place].Candidate;
                    break;
                }

                parent = _window[place].Parent;
            }
        }
    }

    // Deepest first. Parents that go round in a circle are cut where the circle is noticed.
    private void SortByDepth()
    {
        _order.Clear();
        _depths.Clear();
        for (int i = 0; i < _candidates.Count; i++)
        {
            int depth = 0;
            for (int up = At(i).Ancestor; up >= 0; up = At(up).Ancestor)
            {
                if (++depth > Math.Min(_candidates.Count, LongestChain))
                {
                    At(i).Ancestor = Nobody;
                    depth = 0;
                    break;
                }
            }

            _order.Add(i);
            _depths.Add(depth);
        }

        _order.Sort(_deepestFirst);
    }

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

        PassUp(index);
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
            Refuse(index, NotBilled.Wrapper);
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
            Refuse(index, NotBilled.Wrapper);
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
                Refuse(below, NotBilled.SameCall);
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
                Refuse(below, NotBilled.SameCall);
                SpanOf(index).IsConfirmedCall = true;
                return true;
            }
        }

        return false;
    }

    private void DropWrappersBelow(int index)
    {
        int previous = Nobody;
        for (int below = At(index).FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            bool isWrapper = SpanOf(below).Role == SpanRole.Wrapper;
            if (isWrapper)
            {
                Refuse(below, NotBilled.Wrapper);
                Unlink(index, previous, below);
            }
            else
            {
                previous = below;
            }
        }
    }

    private void Unlink(int index, int previous, int below)
    {
        int next = At(below).NextSibling;
        if (previous < 0)
        {
            At(index).FirstBelow = next;
        }
        else
        {
            At(previous).NextSibling = next;
        }

        if (At(index).LastBelow == below)
        {
            At(index).LastBelow = previous;
        }
    }

    private void SettleServerCall(int index)
    {
        ref Candidate candidate = ref At(index);
        if (HasBelow(index, SpanRole.Call))
        {
            Refuse(index, NotBilled.Wrapper);
        }
        else if (HasAbove(index))
        {
            Refuse(index, NotBilled.ServerSide);
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
            Refuse(index, NotBilled.Wrapper);
        }
        else
        {
            At(index).IsBilled = true;
        }
    }

    private bool HasBelow(int index, SpanRole role)
    {
        for (int below = At(index).FirstBelow; below >= 0; below = At(below).NextSibling)
        {
            if (SpanOf(below).Role == role)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasAbove(int index)
    {
        int steps = 0;
        for (int up = At(index).Ancestor; up >= 0 && steps < LongestChain; up = At(up).Ancestor, steps++)
        {
            if (SpanOf(up).Role is SpanRole.Call or SpanRole.ServerCall)
            {
                return true;
            }
        }

        return false;
    }

    // What is billed here is what the ancestor finds below it: this call, or the ones below it.
    private void PassUp(int index)
    {
        ref Candidate candidate = ref At(index);
        if (candidate.Ancestor < 0)
        {
            return;
        }

        ref Candidate above = ref At(candidate.Ancestor);
        if (candidate.IsBilled)
        {
            candidate.NextSibling = Nobody;
            Append(ref above, index, index);
        }
        else if (candidate.FirstBelow >= 0)
        {
            Append(ref above, candidate.FirstBelow, candidate.LastBelow);
        }
    }

    private void Append(ref Candidate above, int first, int last)
    {
        if (above.FirstBelow < 0)
        {
            above.FirstBelow = first;
        }
        else
        {
            At(above.LastBelow).NextSibling = first;
        }

        above.LastBelow = last;
    }

    // Reports of one call that are not above one another: siblings of two instrumentations, and spans whose chain of parents is broken, because the spans
    // between are not about LLMs and were let go, or were sampled away.
    private void SettleStrangers()
    {
        _order.Clear();
        for (int i = 0; i < _candidates.Count; i++)
        {
            if (At(i).IsBilled)
            {
                _order.Add(i);
            }
        }

        _order.Sort(_earliestFirst);
        for (int i = 0; i < _order.Count; i++)
        {
            long end = SpanOf(_order[i]).End + ClockToleranceNanoseconds;
            for (int j = i + 1; j < _order.Count && j <= i + MostNeighbours && SpanOf(_order[j]).Start <= end; j++)
            {
                if (At(_order[i]).IsBilled && At(_order[j]).IsBilled)
                {
                    Compare(_order[i], _order[j]);
                }
            }

            if (At(_order[i]).IsBilled && SpanOf(_order[i]).Role == SpanRole.Call)
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
            Refuse(worse, oneIsServer ? NotBilled.ServerSide : NotBilled.SameCall);
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
            Refuse(wrapper, NotBilled.Wrapper);
        }
    }

    // A span that stands around calls with a broken chain, and whose tokens are their sum, is their wrapper, whatever it calls itself.
    private void CompareWithSum(int orderIndex)
    {
        int index = _order[orderIndex];
        SeenSpan span = _window[At(index).Place];
        if (span.Input < 0 || span.Output < 0 || span.IsConfirmedCall)
        {
            return;
        }

        (long input, long output, int count) = (0, 0, 0);
        for (int j = orderIndex + 1; j < _order.Count && j <= orderIndex + MostNeighbours && SpanOf(_order[j]).Start <= span.End; j++)
        {
            SeenSpan other = _window[At(_order[j]).Place];
            if (At(_order[j]).IsBilled && At(_order[j]).IsBroken && other.Role == SpanRole.Call && other.Scope != span.Scope && other.End <= span.End + NestingToleranceNanoseconds)
            {
                (input, output, count) = (input + Math.Max(other.Input, 0), output + Math.Max(other.Output, 0), count + 1);
            }
        }

        if (count > 1 && input == span.Input && output == span.Output && input + output > 0)
        {
            Refuse(index, NotBilled.Wrapper);
        }
    }

    private void Refuse(int index, string reason)
    {
        ref Candidate candidate = ref At(index);
        candidate.IsBilled = false;
        candidate.Reason = reason;
    }

    private struct Candidate
    {
        public int Place;
        public int Ancestor;
        public int FirstBelow;
        public int LastBelow;
        public int NextSibling;
        public bool IsBroken;
        public bool IsBilled;
        public string Reason;
    }
}
