using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Judgements of calls, one by one.</summary>
internal static class ScoresQuestion
{
    /// <summary>What a list can be sorted by.</summary>
    public static readonly IReadOnlyList<Sort> Sorts =
    [
        new("time", "toUnixTimestamp64Nano(r.ts)", "Int64", Nullable: false),
        new("value", "r.value", "Float64", Nullable: true),
    ];

    /// <summary>What tells judgements of the same moment apart.</summary>
    public static readonly IReadOnlyList<string> Ids = ["trace_id", "span_id", "name", "source"];

    /// <summary>What is told of a judgement.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Time("ts", "When it was judged"),
        Column.Text("trace_id", "Trace"), Column.Text("span_id", "The call; empty when only the trace or the response is named"),
        Column.Text("tenant", "Who sent it"), Column.Text("service", "The application's service.name"),
        Column.Text("name", "What was judged"),
        Column.Text("source", "judge, rule (screening), human, user (feedback), event (gen_ai.evaluation.result)"),
        Column.Number("value", "The judgement; null when it is a label alone or failed"),
        Column.Text("label", "The judgement in a word"),
        Column.Text("explanation", "Why, in words"),
        Column.Text("error_type", "Why there is no judgement; empty when there is one"),
        Column.Number("probability", "Probability with which the call was sampled for judging", nullable: false),
    ];

    /// <summary>One page.</summary>
    /// <param name="range">When it was judged.</param>
    /// <param name="filters">Values of tenant, service, name, source and label that are wanted.</param>
    /// <param name="page">Which page.</param>
    public static Statement Ask(TimeRange range, IReadOnlyList<(string Column, IReadOnlyList<string> Values)> filters, PageRequest page)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        string present = page.Sort.Nullable ? $"\n    AND isNotNull({page.Sort.Expression})" : "";
        string[] ids = [.. Ids.Select(i => "r." + i)];
        string sql = $"""
            SELECT
                {Select()},
                {(page.Sort.Nullable ? $"assumeNotNull({page.Sort.Expression})" : page.Sort.Expression)} AS {Sort.Key}
            FROM llm_scores AS r
            WHERE {Sources.InRange("r", range, parameters)}{ListFilter.Where(filters, parameters)}{present}{page.Where(ids, parameters)}
            {page.OrderBy(ids)}
            LIMIT {page.Limit + 1}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = page.Limit };
    }

    /// <summary>Judgements of a trace, or of one call of it.</summary>
    public static Statement OfTrace(string trace, string? span)
    {
        string one = span is null ? "" : " AND r.span_id IN ({span:String}, '')";
        string sql = $$"""
            SELECT
                {{Select()}}
            FROM llm_scores AS r
            WHERE r.trace_id = {trace:String}{{one}}
            ORDER BY r.ts, r.span_id, r.name
            LIMIT 1000
            """;
        return new Statement("scores", sql, CallQuestion.Parameters(trace, span), Columns);
    }

    private static string Select() => string.Join(", ", Columns.Select(c => "r." + c.Name));
}
