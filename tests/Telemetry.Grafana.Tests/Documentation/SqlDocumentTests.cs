namespace Telemetry.Grafana.Tests.Documentation;

/// <summary>Every query of <c>docs/sql.md</c>, as it is written, over the demo data.</summary>
public sealed class SqlDocumentTests(DemoDatabase database)
{
    private const string Trace = "00000000000000000000000000000001";

    private static readonly IReadOnlyList<DocumentedQuery> All = DocumentedQuery.ReadAll();

    public static TheoryData<string> Questions() => [.. All.Select(q => q.Question)];

    [Fact]
    public void Every_block_has_a_question_and_columns()
    {
        Assert.True(All.Count >= 20);
        Assert.Equal(DocumentedQuery.CountFences(), All.Count);
        Assert.Equal(All.Count, All.Select(q => q.Question).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_documented_query_answers_with_the_documented_columns(string question)
    {
        DocumentedQuery query = All.Single(q => q.Question == question);

        Answer answer = await database.AskAsync(query.Sql, ("trace_id", Trace));

        Assert.Equal(query.Columns, answer.Columns.Select(c => c.Name));
        Assert.Equal(query.MayBeEmpty, answer.Rows.Count == 0);
    }

    [Fact]
    public async Task The_spend_of_today_is_the_sum_of_todays_calls()
    {
        Answer documented = await database.AskAsync(All.Single(q => q.Question.StartsWith("What did we spend today", StringComparison.Ordinal)).Sql);

        string expected = await database.AskOneAsync("SELECT sum(toDecimal128(ifNull(cost_usd, 0), 12) * sign) FROM llm_calls WHERE ts >= toStartOfDay(now('UTC'))");
        Assert.Equal(expected, documented.Rows[0][0].ToString());
    }

    [Fact]
    public async Task The_forecast_of_steady_traffic_is_what_a_day_costs()
    {
        Answer documented = await database.AskAsync(All.Single(q => q.Question.StartsWith("What did we spend today", StringComparison.Ordinal)).Sql);

        double day = double.Parse(
            await database.AskOneAsync("SELECT toFloat64(sum(toDecimal128(ifNull(cost_usd, 0), 12) * sign)) / 7 FROM llm_calls WHERE ts >= toStartOfDay(now('UTC')) - INTERVAL 7 DAY AND ts < toStartOfDay(now('UTC'))"),
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(documented.Rows[0][1].GetDouble(), day * 0.85, day * 1.15);
    }

    [Fact]
    public async Task Cost_by_1K_tokens_leaves_unpriced_models_out_rather_than_calling_them_free()
    {
        Answer answer = await database.AskAsync(All.Single(q => q.Question.StartsWith("What do 1,000 tokens cost", StringComparison.Ordinal)).Sql);

        Assert.DoesNotContain(answer.Rows, row => row[1].GetString() == "house-model-1");
        Assert.All(answer.Rows, row => Assert.True(row[2].GetDouble() > 0));
    }
}
