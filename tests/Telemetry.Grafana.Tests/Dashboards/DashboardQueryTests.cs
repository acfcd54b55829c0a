using Telemetry.Grafana.Tests.Macros;

namespace Telemetry.Grafana.Tests.Dashboards;

/// <summary>Every query of every dashboard, as Grafana would send it, on the real engine over demo data.</summary>
public sealed class DashboardQueryTests(DemoDatabase database)
{
    /// <summary>A trace that the demo data has: three calls and the wrapper around them.</summary>
    private const string Trace = "00000000000000000000000000000001";

    private static readonly IReadOnlyList<Dashboard> All = Dashboard.ReadAll();

    public static TheoryData<string, string> Queries() => [.. All.SelectMany(d => d.Queries()).Select(q => (q.Dashboard, q.Title)).Distinct()];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_returns_rows_of_the_shape_that_its_panel_draws(string dashboard, string title)
    {
        foreach (DashboardQuery query in Find(dashboard, title))
        {
            Answer answer = await database.AskAsync(GrafanaSql.Expand(query.Sql, Everything(TimeSpan.FromHours(6))));

            Assert.True(answer.Rows.Count > 0, $"{query} returned nothing");
            QueryShape.Check(query, answer);
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_takes_single_values_several_values_and_values_with_quotes(string dashboard, string title)
    {
        foreach (DashboardQuery query in Find(dashboard, title))
        {
            Selection quoted = Everything(TimeSpan.FromDays(8)).With("tenant", "o'brien & sons", "acme", "globex").With("service", "it's \"quoted\"").With("search", "it's (a) search, 50 %").With("at", "0");
            Selection single = Everything(TimeSpan.FromHours(6)).With("environment", "production").With("provider", "openai").With("model", "gpt-4o-mini").With("operation", "chat")
                .With("prompt", "answer").With("version", "v2").With("show", "errors").With("trace_id", "no such 'trace'");

            await database.AskAsync(GrafanaSql.Expand(query.Sql, quoted));
            await database.AskAsync(GrafanaSql.Expand(query.Sql, single));
        }
    }

    [Theory]
    [InlineData("tenant", "o'brien & sons")]
    [InlineData("service", "it's \"quoted\"")]
    [InlineData("model", "gpt-4o-mini")]
    [InlineData("version", "v2")]
    public async Task A_chosen_value_narrows_the_figures_to_it(string variable, string value)
    {
        DashboardQuery calls = Find("overview", "Calls").Single();
        string column = variable switch { "model" => "model_requested", "version" => "prompt_version", _ => variable };
        Selection selection = Everything(TimeSpan.FromHours(6)).With(variable, value);

        string shown = (await database.AskAsync(GrafanaSql.Expand(calls.Sql, selection))).Rows[0][0].ToString();

        string expected = await database.AskOneAsync(
            $"SELECT sum(sign) FROM llm_calls WHERE toStartOfMinute(ts) BETWEEN toDateTime({selection.From.ToUnixTimeSeconds()}) AND toDateTime({selection.To.ToUnixTimeSeconds()}) AND {column} = '{value.Replace("'", "\\'", StringComparison.Ordinal)}'");
        Assert.Equal(expected, shown);
        Assert.NotEqual("0", shown);
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("service")]
    [InlineData("model")]
    public async Task Variables_do_not_offer_values_that_cannot_be_quoted(string variable)
    {
        Answer answer = await database.AskAsync(GrafanaSql.Expand(Find("overview", "variable " + variable).Single().Sql, Everything(TimeSpan.FromHours(6))));

        Assert.True(answer.Rows.Count >= 3);
        Assert.DoesNotContain(answer.Rows, row => row[0].GetString()!.Contains('\\', StringComparison.Ordinal));
        Assert.Equal("1", await database.AskOneAsync("SELECT count() FROM llm_calls WHERE tenant LIKE 'back%'"));
    }

    [Fact]
    public async Task A_trace_shows_each_span_once_whatever_was_corrected()
    {
        string trace = await database.AskOneAsync("SELECT trace_id FROM llm_calls WHERE sign < 0 LIMIT 1");
        DashboardQuery spans = Find("traces", "Spans").Single();

        Answer answer = await database.AskAsync(GrafanaSql.Expand(spans.Sql, Everything(TimeSpan.FromDays(15)).With("trace_id", trace.ToUpperInvariant())));

        int name = answer.Columns.ToList().FindIndex(c => c.Name == "span_id");
        Assert.Equal(4, answer.Rows.Count);
        Assert.Equal(4, answer.Rows.Select(r => r[name].GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_link_of_a_point_shows_the_traces_of_five_minutes_from_there()
    {
        DashboardQuery search = Find("traces", "Traces").Single();
        DateTimeOffset at = database.Now - TimeSpan.FromHours(3);
        Selection selection = Everything(TimeSpan.FromHours(6)).With("at", at.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture));

        Answer answer = await database.AskAsync(GrafanaSql.Expand(search.Sql, selection));

        Assert.NotEmpty(answer.Rows);
        Assert.All(answer.Rows, row => Assert.InRange(
            DateTimeOffset.Parse(row[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal), at.AddSeconds(-1), at.AddMinutes(5)));
    }

    private static IEnumerable<DashboardQuery> Find(string dashboard, string title) => All.Single(d => d.Name == dashboard).Queries().Where(q => q.Title == title);

    private Selection Everything(TimeSpan range) => Selection.All(database.Now, range).With("search", "").With("at", "").With("show", "all").With("trace_id", Trace);
}
