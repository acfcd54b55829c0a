using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.Query.Page;

/// <summary>Which page of a list: its order, its length, and after which row it begins.</summary>
/// <param name="Sort">By what.</param>
/// <param name="Descending">The greatest first.</param>
/// <param name="Limit">Most rows.</param>
/// <param name="After">Where it begins; null for the first page.</param>
/// <param name="Question">Fingerprint of the question.</param>
internal sealed record PageRequest(Sort Sort, bool Descending, int Limit, Cursor? After, string Question)
{
    /// <summary>The columns that tell rows of the same key apart, in order, over an alias.</summary>
    /// <param name="ids">Columns.</param>
    /// <param name="parameters">Takes the values.</param>
    /// <returns>The condition after an AND; empty on the first page.</returns>
    public string Where(IReadOnlyList<string> ids, IDictionary<string, object?> parameters)
    {
        if (After is null)
        {
            return "";
        }

        if (After.Ids.Count != ids.Count)
        {
            throw new InvalidQueryException("cursor", After.Write(), "next_cursor of an answer to the same question");
        }

        parameters["after_key"] = After.Key;
        for (int i = 0; i < ids.Count; i++)
        {
            parameters[$"after_id{i}"] = After.Ids[i];
        }

        string values = string.Concat(ids.Select((_, i) => $", {{after_id{i}:String}}"));
        return $"\n    AND ({Sort.Expression}, {string.Join(", ", ids)}) {(Descending ? "<" : ">")} ({{after_key:{Sort.Type}}}{values})";
    }

    /// <summary>The ORDER BY, which leaves no two rows in doubt.</summary>
    public string OrderBy(IReadOnlyList<string> ids)
    {
        string direction = Descending ? " DESC" : "";
        return $"ORDER BY {Sort.Key}{direction}, {string.Join(", ", ids.Select(i => i + direction))}";
    }

    /// <summary>The cursor after the last row that is given out; null when there is nothing more.</summary>
    /// <param name="result">The page.</param>
    /// <param name="ids">Names of the columns that tell rows apart, as the result has them.</param>
    /// <param name="range">As it was resolved.</param>
    public string? Next(Result result, IReadOnlyList<string> ids, TimeRange range)
    {
        if (!result.HasMore)
        {
            return null;
        }

        ClickHouseRow last = result.Rows.Last();
        return new Cursor(last.GetString(Sort.Key), [.. ids.Select(last.GetString)], range.From, range.To, Question).Write();
    }
}
