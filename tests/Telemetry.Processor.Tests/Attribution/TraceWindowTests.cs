using FsCheck;
using FsCheck.Fluent;
using Telemetry.Processor.Attribution;

namespace Telemetry.Processor.Tests.Attribution;

public sealed class TraceWindowTests
{
    [Fact]
    public void It_remembers_the_last_spans_by_span_and_by_trace_like_a_plain_list() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        ids =>
        {
            const int Capacity = 16;
            var window = new TraceWindow(Capacity, 7);
            var model = new List<(UInt128 Trace, ulong Span)>();
            ulong number = 0;
            foreach (byte id in ids)
            {
                UInt128 trace = (UInt128)(id % 5);
                number++;
                window.Add(new SeenSpan { Trace = trace, Span = number });
                model.Add((trace, number));
            }

            var kept = model.TakeLast(Capacity).ToList();
            bool found = model.TrueForAll(s => window.Find(s.Trace, s.Span) >= 0 == kept.Contains(s));
            bool traces = Enumerable.Range(0, 5).All(t => Spans(window, (UInt128)t).SequenceEqual(kept.Where(s => s.Trace == (UInt128)t).Select(s => s.Span).Reverse()));
            return found && traces && window.Count == kept.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void It_grows_to_its_bound_and_no_further()
    {
        var window = new TraceWindow(10_000, 3);
        for (ulong i = 1; i <= 50_000; i++)
        {
            window.Add(new SeenSpan { Trace = (UInt128)(i / 3), Span = i, End = (long)i });
        }

        Assert.Equal(10_000, window.Count);
        Assert.Equal(40_000, window.CompleteSince);
        Assert.InRange(window.Bytes / 10_000, 100, 200);
        Assert.True(window.Find((UInt128)(50_000 / 3), 50_000) >= 0);
        Assert.Equal(-1, window.Find((UInt128)(40_000 / 3), 40_000));
    }

    private static IEnumerable<ulong> Spans(TraceWindow window, UInt128 trace)
    {
        for (int place = window.NewestOf(trace); place >= 0; place = window.OlderOf(place))
        {
            yield return window[place].Span;
        }
    }
}
