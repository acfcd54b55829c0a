using System.Text.Json;
using Telemetry.Console.Access;
using Telemetry.Query;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Tests.Access;

/// <summary>What somebody may not see, no statement shows them, whichever it is.</summary>
public sealed class ScopeTests(ConsoleFixture console)
{
    private const string Trace = "00000000000000000000000000000001";

    private static readonly AccessScope Globex = new(["globex"], MayReadContent: true, MayWrite: false);
    private static readonly AccessScope Nobody = new([], MayReadContent: true, MayWrite: false);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_of_the_schema_is_filtered_for_somebody_who_sees_some_tenants()
    {
        ClickHouse.Client.ClickHouseResult tables = await console.Writer.QueryAsync("SELECT name FROM system.tables WHERE database = 'telemetry' AND engine LIKE '%MergeTree'", null, _cancellation);

        Assert.Empty(tables.Rows.Select(r => r.GetString("name")).Except(TableFilters.Tables));
    }

    [Fact]
    public async Task Every_question_shows_the_tenants_of_the_scope_alone()
    {
        using var runner = new QueryRunner(console.Reader, new QueryOptions());
        foreach (Statement statement in Questions())
        {
            Result mine = await runner.AskAsync(statement, Globex, _cancellation);
            string? column = mine.Answer.Columns.Select(c => c.Name).FirstOrDefault(c => c == "tenant");
            Assert.True(column is null || mine.Answer.Rows.All(r => r.GetString(column) == "globex"), statement.Sql);
            Result none = await runner.AskAsync(statement, Nobody, _cancellation);
            Assert.All(none.Answer.Rows, row => Assert.All(none.Answer.Columns.Where(c => c.Name is "calls" or "judged"), c => Assert.Equal(0, row.GetInt64(c.Name))));
        }
    }

    [Fact]
    public async Task The_figures_of_a_tenant_are_those_of_its_calls()
    {
        using var runner = new QueryRunner(console.Reader, new QueryOptions());
        var range = TimeRange.Parse("now-10d", "now-1h", null, TimeProvider.System.GetUtcNow());

        Result mine = await runner.AskAsync(OverviewQuestion.Ask(range, new Selection())[0], Globex, _cancellation);
        Result asked = await runner.AskAsync(OverviewQuestion.Ask(range, new Selection().Add(Dimension.Get("", "tenant"), true, ["globex"]))[0], AccessScope.All, _cancellation);

        Assert.True(mine.Answer.Rows[0].GetInt64("calls") > 1000);
        Assert.Equal(asked.Answer.Rows[0].GetInt64("calls"), mine.Answer.Rows[0].GetInt64("calls"));
        Assert.Equal(asked.Answer.Rows[0].GetDecimal("cost_usd"), mine.Answer.Rows[0].GetDecimal("cost_usd"));
    }

    [Theory]
    [InlineData("o'brien & sons")]
    [InlineData("back\\slash")]
    [InlineData("it's \\' OR 1 -- ")]
    public async Task A_tenant_is_a_value_whatever_is_in_its_name(string tenant)
    {
        using var runner = new QueryRunner(console.Reader, new QueryOptions());
        var all = new Statement("data", "SELECT DISTINCT tenant FROM llm_calls", new Dictionary<string, object?>(), [Column.Text("tenant", "")]);

        Result seen = await runner.AskAsync(all, new AccessScope([tenant], true, false), _cancellation);

        Assert.Equal(await console.AskOneAsync($"SELECT count() > 0 FROM llm_calls WHERE tenant = {TableFilters.Quote(tenant)}") == "1" ? [tenant] : [], seen.Answer.Rows.Select(r => r.GetString("tenant")));
    }

    [Fact]
    public async Task Without_leave_to_read_content_no_way_leads_to_it()
    {
        Uri quiet = await console.StartAsync(new ConsoleOptions { ShowContent = false });

        (int traceStatus, JsonElement trace) = await console.TryGetAsync($"/traces/{Trace}", quiet);
        (int sqlStatus, JsonElement sql) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString("SELECT count() AS n FROM llm_content"), quiet);
        (_, JsonElement view) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString("SELECT count() AS n FROM llm_content_now"), quiet);
        (int escapeStatus, JsonElement escape) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString("SELECT count() AS n FROM merge('telemetry', '^llm_content_now')"), quiet);

        Assert.Equal(200, traceStatus);
        Assert.False(trace.TryGetProperty("content", out _));
        Assert.NotEmpty(trace.GetProperty("notes").EnumerateArray());
        Assert.Equal(200, sqlStatus);
        Assert.Equal(0, sql.GetProperty("data")[0].GetProperty("n").GetInt64());
        Assert.Equal(0, view.GetProperty("data")[0].GetProperty("n").GetInt64());
        Assert.InRange(escapeStatus, 400, 499);
        Assert.False(escape.TryGetProperty("data", out _));
        Assert.NotEqual("0", await console.AskOneAsync("SELECT count() FROM llm_content"));
    }

    [Theory]
    [InlineData("evil.example", null, 421)]
    [InlineData("localhost", null, 200)]
    [InlineData("127.0.0.1:8080", null, 200)]
    [InlineData("[::1]:8080", null, 200)]
    [InlineData("telemetry.example", "telemetry.example", 200)]
    [InlineData("localhost.evil.example", "telemetry.example", 421)]
    [InlineData("evil.example", "*", 200)]
    public async Task A_name_that_is_not_ours_is_not_answered(string host, string? allowed, int expected)
    {
        var options = new ConsoleOptions();
        if (allowed is not null)
        {
            options.AllowedHosts.Add(allowed);
        }

        Uri url = allowed is null ? console.Url : await console.StartAsync(options);
        (int status, _) = await console.SendAsync(HttpMethod.Get, "/dimensions", null, url, ("Host", host));

        Assert.Equal(expected, status);
    }

    [Fact]
    public void Without_users_the_options_say_what_may_be_done()
    {
        AccessScope scope = new ConfiguredAccess(new ConsoleOptions { AllowWrites = false }).ScopeOf(new Microsoft.AspNetCore.Http.DefaultHttpContext());

        Assert.Equal(new AccessScope(null, true, false), scope);
    }

    private static IEnumerable<Statement> Questions()
    {
        var range = TimeRange.Parse("now-10d", "now", null, TimeProvider.System.GetUtcNow());
        var selection = new Selection();
        Dimension[] tenant = [Dimension.Get("", "tenant")];
        var page = new PageRequest(CallsQuestion.Sorts[0], true, 100, null, "");
        return
        [
            .. OverviewQuestion.Ask(range, selection), .. TraceQuestion.Ask(Trace, AccessScope.All), .. CallQuestion.Ask(Trace, "0000000000000001", AccessScope.All), .. PipelineQuestion.Ask(range),
            .. IncidentsQuestion.AskOne("incident-0"), SeriesQuestion.Ask(range, Step.Choose("1d", range), [Metric.Get("", "calls")], tenant, 5, selection),
            BreakdownQuestion.Ask("data", range, tenant, BreakdownQuestion.OfModels, "calls", 100, selection), BreakdownQuestion.Ask("data", range, [.. tenant, Dimension.Get("", "user")], BreakdownQuestion.OfCosts, "calls", 100, selection),
            CallsQuestion.Ask(range, selection, page), UnpricedQuestion.Ask(range, 100, selection), ValuesQuestion.Ask(tenant[0], range, "", 100, selection), QualityQuestion.Ask(range, ["tenant", "name"], []),
            ScoresQuestion.Ask(range, [], new PageRequest(ScoresQuestion.Sorts[0], true, 100, null, "")), AnomaliesQuestion.Ask(range, [], new PageRequest(AnomaliesQuestion.Sorts[0], true, 100, null, "")),
            IncidentsQuestion.Ask(range, [], new PageRequest(IncidentsQuestion.Sorts[0], true, 100, null, "")), PipelineQuestion.DeadLetters(range, new PageRequest(PipelineQuestion.DeadLetterSorts[0], true, 100, null, "")),
        ];
    }
}
