using System.Text.RegularExpressions;
using Telemetry.Grafana.Tests.Macros;

namespace Telemetry.Grafana.Tests.Dashboards;

/// <summary>Which tables the queries read, by the engine's own plan, and how many rows.</summary>
public sealed partial class ReadBudgetTests(DemoDatabase database)
{
    /// <summary>The engine reads granules of 8,192 rows; a range may touch one more in each of its parts.</summary>
    private const int Granule = 8192;

    /// <summary>Panels about calls that rollups cannot answer.</summary>
    private static readonly Dictionary<string, string> MayReadCalls = new(StringComparer.Ordinal)
    {
        ["cost: By user"] = "rollups do not hold users",
        ["cost: Unpriced calls by reason"] = "rollups do not hold the reason",
        ["prompts: Judgements by version"] = "judgements name calls, not prompts",
        ["prompts: Unusual lengths"] = "single calls are compared",
        ["traces: Traces"] = "single calls are searched",
        ["traces: Waterfall"] = "one trace, by the index of trace_id",
        ["traces: Spans"] = "one trace, by the index of trace_id",
        ["pipeline: Calls that count twice"] = "looks for rows that should not be there",
        ["pipeline: Freshness"] = "rollups do not hold the arrival",
        ["pipeline: Corrections"] = "rollups hold sums, not corrections",
    };

    private static readonly IReadOnlyList<DashboardQuery> All = [.. Dashboard.ReadAll().SelectMany(d => d.Queries())];

    public static TheoryData<string, string> Queries() => [.. All.Select(q => (q.Dashboard, q.Title)).Distinct()];

    [Fact]
    public void Every_exception_is_a_panel_that_there_is() => Assert.Empty(MayReadCalls.Keys.Except(All.Select(q => q.ToString())));

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Only_named_panels_read_calls_and_others_read_one_rollup(string dashboard, string title)
    {
        foreach (DashboardQuery query in Find(dashboard, title))
        {
            string sql = GrafanaSql.Expand(query.Sql, Everything(TimeSpan.FromHours(6)));

            Assert.Equal(MayReadCalls.ContainsKey(query.ToString()), (await PlannedAsync(sql)).Contains("llm_calls"));
            string[] rollups = await RollupsAsync(sql);
            Assert.True(rollups.Length <= 1, $"{query} reads {string.Join(", ", rollups)}");
        }
    }

    [Theory]
    [InlineData("overview", "Traffic", 6, "llm_rollup_1m")]
    [InlineData("overview", "Traffic", 24 * 14, "llm_rollup_1h")]
    [InlineData("overview", "Traffic", 24 * 300, "llm_rollup_1d")]
    [InlineData("models", "Models", 6, "llm_rollup_1m")]
    [InlineData("models", "Models", 24 * 14, "llm_rollup_1h")]
    [InlineData("overview", "Spend today", 6, "llm_rollup_1h")]
    [InlineData("overview", "Forecast, end of month", 6, "llm_rollup_1d")]
    public async Task The_longer_the_range_the_coarser_the_rollup(string dashboard, string title, int hours, string table)
    {
        string sql = GrafanaSql.Expand(Find(dashboard, title).Single().Sql, Everything(TimeSpan.FromHours(hours)));

        Assert.Equal([table], await RollupsAsync(sql));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Six_hours_of_fifteen_days_read_few_rows(string dashboard, string title)
    {
        long calls = long.Parse(await database.AskOneAsync("SELECT count() FROM llm_calls"), System.Globalization.CultureInfo.InvariantCulture);
        long scores = long.Parse(await database.AskOneAsync("SELECT count() FROM llm_scores"), System.Globalization.CultureInfo.InvariantCulture);
        foreach (DashboardQuery query in Find(dashboard, title))
        {
            Answer answer = await database.AskAsync(GrafanaSql.Expand(query.Sql, Everything(TimeSpan.FromHours(6))));

            long budget = query.ToString() switch
            {
                // Asks the usual of seven days, and of them what was corrected.
                "prompts: Unusual lengths" => 6 * calls,
                // Who was in charge before is known only from all hours.
                "prompts: Versions in charge" => calls,
                _ when MayReadCalls.ContainsKey(query.ToString()) => calls,
                _ when query.Dashboard == "quality" => 2 * scores,
                _ => 5 * Granule,
            };
            Assert.True(answer.ReadRows <= budget, $"{query} read {answer.ReadRows} rows, {budget} are allowed; there are {calls} calls");
        }
    }

    private static IEnumerable<DashboardQuery> Find(string dashboard, string title) => All.Where(q => q.Dashboard == dashboard && q.Title == title);

    /// <summary>Tables that the plan names, those within subqueries too.</summary>
    private async Task<string[]> PlannedAsync(string sql)
    {
        Answer plan = await database.AskAsync("EXPLAIN PLAN " + sql);
        return [.. plan.Rows.SelectMany(r => Read().Matches(r[0].GetString()!)).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Rollups of which anything is left to read after the engine has looked at conditions and indexes.</summary>
    private async Task<string[]> RollupsAsync(string sql)
    {
        Answer estimate = await database.AskAsync("SELECT table FROM (EXPLAIN ESTIMATE " + sql + ") WHERE rows > 0");
        return [.. estimate.Rows.Select(r => r[0].GetString()!).Where(t => t.StartsWith("llm_rollup_", StringComparison.Ordinal))];
    }

    private Selection Everything(TimeSpan range) =>
        Selection.All(database.Now, range).With("search", "").With("at", "").With("show", "all").With("trace_id", "00000000000000000000000000000001");

    [GeneratedRegex(@"ReadFromMergeTree \(telemetry\.(\w+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Read();
}
