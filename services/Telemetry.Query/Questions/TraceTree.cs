using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;

namespace Telemetry.Query.Questions;

/// <summary>Puts the spans of a trace in the order of a tree, parents before their children and these by time, with their depth and when they began.</summary>
internal static class TraceTree
{
    /// <summary>The spans in order. One whose parent is not there is a root; a circle of parents begins anywhere.</summary>
    public static IEnumerable<ArrangedRow> Arrange(Result result)
    {
        var nodes = result.Rows.Select(r => (Row: r, Id: r.GetString("span_id"), Parent: r.GetString("parent_span_id"), Start: r.GetDateTime("ts"))).ToList();
        if (nodes.Count == 0)
        {
            yield break;
        }

        DateTimeOffset begin = nodes.Min(n => n.Start);
        var ids = nodes.Select(n => n.Id).ToHashSet(StringComparer.Ordinal);
        ILookup<string, int> children = Enumerable.Range(0, nodes.Count)
            .ToLookup(i => ids.Contains(nodes[i].Parent) && nodes[i].Parent != nodes[i].Id ? nodes[i].Parent : "", StringComparer.Ordinal);
        bool[] seen = new bool[nodes.Count];
        var open = new Stack<(int Index, int Depth)>();
        foreach (int root in children[""].Concat(Enumerable.Range(0, nodes.Count)))
        {
            open.Push((root, 0));
            while (open.TryPop(out (int Index, int Depth) next))
            {
                if (seen[next.Index])
                {
                    continue;
                }

                seen[next.Index] = true;
                (ClickHouseRow row, string id, _, DateTimeOffset start) = nodes[next.Index];
                yield return new ArrangedRow(row, [("depth", next.Depth), ("offset_ms", Math.Round((start - begin).TotalMilliseconds, 3))]);
                foreach (int child in children[id].Reverse())
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }
    }
}
