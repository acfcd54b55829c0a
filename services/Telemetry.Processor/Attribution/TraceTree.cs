using System.Runtime.InteropServices;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// The candidates of one trace, and which of them stand above which. Other spans are links only. Below a candidate hang those that are billed, in lists that
/// are handed up as candidates are settled from the leaves. Used again from trace to trace.
/// </summary>
internal sealed class TraceTree
{
    private const int LongestChain = 512;
    private const int Nobody = -1;

    private readonly TraceWindow _window;
    private readonly List<Candidate> _candidates = [];
    private readonly List<int> _deepestFirst = [];
    private readonly List<int> _depths = [];
    private readonly Comparison<int> _byDepth;

    public TraceTree(TraceWindow window)
    {
        _window = window;
        _byDepth = (a, b) => _depths[b] != _depths[a] ? _depths[b].CompareTo(_depths[a]) : a.CompareTo(b);
    }

    /// <summary>Number of candidates.</summary>
    public int Count => _candidates.Count;

    /// <summary>A candidate.</summary>
    public ref Candidate At(int index) => ref CollectionsMarshal.AsSpan(_candidates)[index];

    /// <summary>Its span.</summary>
    public ref SeenSpan SpanOf(int index) => ref _window[At(index).Place];

    /// <summary>Takes the calls of a trace, and the wrappers that repeat usage. What is settled for good takes no part but as a link between others.</summary>
    public void Collect(TenantTrace trace, int stamp)
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

    /// <summary>Finds out who stands above whom; gives the candidates from the leaves up. Parents that go round in a circle are cut where the circle is noticed.</summary>
    public List<int> FromTheLeaves()
    {
        FindAncestors();
        SortByDepth();
        return _deepestFirst;
    }

    /// <summary>What is billed here is what the ancestor finds below it: this call, or the ones below it.</summary>
    public void PassUp(int index)
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

    /// <summary>Takes a candidate out of the list below another.</summary>
    public void Unlink(int index, int previous, int below)
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

    /// <summary>Whether something of that role stands below it and is billed so far.</summary>
    public bool HasBelow(int index, SpanRole role)
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

    /// <summary>Whether a call of client or server stands anywhere above it.</summary>
    public bool HasAbove(int index)
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

    /// <summary>Does not bill a candidate.</summary>
    public void Refuse(int index, string reason)
    {
        ref Candidate candidate = ref At(index);
        candidate.IsBilled = false;
        candidate.Reason = reason;
    }

    /// <summary>Tells of every candidate, its place, whether it is billed, else why not; they are candidates no longer.</summary>
    public void Release(Action<int, bool, string> decided)
    {
        for (int i = 0; i < _candidates.Count; i++)
        {
            ref Candidate candidate = ref At(i);
            _window[candidate.Place].Candidate = Nobody;
            decided(candidate.Place, candidate.IsBilled, candidate.Reason);
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

    private void SortByDepth()
    {
        _deepestFirst.Clear();
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

            _deepestFirst.Add(i);
            _depths.Add(depth);
        }

        _deepestFirst.Sort(_byDepth);
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
}
