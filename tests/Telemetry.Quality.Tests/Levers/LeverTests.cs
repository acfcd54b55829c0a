using Telemetry.ClickHouse.Client;
using Telemetry.Quality.Levers;
using Telemetry.Quality.Tests.Support;

namespace Telemetry.Quality.Tests.Levers;

/// <summary>Levers on traffic that was made for them, with savings that the hand computes.</summary>
public sealed class LeverTests(ClickHouseFixture clickHouse)
{
    // Less than a day of traffic is taken for a day.
    private const double DaysToMonth = 30;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly List<string> _traces = [];
    private ClickHouseClient _client = null!;

    [Fact]
    public async Task The_same_question_is_paid_once_and_of_a_call_under_two_levers_the_money_counts_once()
    {
        await StartAsync();
        await CallAsync(600, "what is\\n  open today?", cost: 0.01);
        await CallAsync(500, "what is open today?", cost: 0.01);
        await CallAsync(400, "what is open today?", cost: 0.01, outputCost: 0.004, finish: "length");
        await CallAsync(300, "what is closed today?", cost: 0.01);
        await CallAsync(300, "what is open today?", cost: 0.01, model: "other");

        LeverReport report = await ReadAsync();
        Assert.Equal(["exact_duplicate 2", "truncated_answer 1"], report.Levers.Select(l => $"{l.Name} {l.Calls}"));
        Assert.Equal((0.02 * DaysToMonth, 0.02 * DaysToMonth), (report.Levers[0].SavedUsdPerMonth, report.Levers[0].CountedUsdPerMonth), Near);
        Assert.Equal((0.004 * DaysToMonth, 0.0), (report.Levers[1].SavedUsdPerMonth, report.Levers[1].CountedUsdPerMonth), Near);
        Assert.Equal((0.02 * DaysToMonth, 0.05 * DaysToMonth), (report.SavedUsdPerMonth, report.UsdPerMonth), Near);
        Assert.Equal((5L, 5L, 5L), (report.Calls, report.PricedCalls, report.CallsWithMessages));
        Assert.Equal([_traces[1], _traces[2]], report.Levers[0].ExampleTraces.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_question_in_nearly_the_same_words_is_told_and_another_one_is_not()
    {
        await StartAsync();
        string text = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"word{i * i}"));
        await CallAsync(600, text + " please", cost: 0.01);
        await CallAsync(500, text + " thanks", cost: 0.02);
        await CallAsync(400, string.Join(' ', Enumerable.Range(0, 300).Select(i => $"term{i * i}")), cost: 0.04);
        Lever lever = Assert.Single((await ReadAsync()).Levers);
        Assert.Equal(("near_duplicate", 1L), (lever.Name, lever.Calls));
        Assert.Equal(0.02 * DaysToMonth, lever.SavedUsdPerMonth, 9);
    }

    [Fact]
    public async Task A_beginning_that_comes_again_within_five_minutes_could_have_been_cached()
    {
        await StartAsync();
        string system = new('s', 8000);
        await CallAsync(1000, "first", cost: 0.003, system: system, input: 2001);
        await CallAsync(900, "again", cost: 0.003, system: system, input: 2001);
        await CallAsync(800, "cached", cost: 0.003, system: system, input: 2001, cached: 1900);
        await CallAsync(400, "later", cost: 0.003, system: system, input: 2001);
        await CallAsync(350, "short", cost: 0.003, system: "be kind", input: 2001);
        await CallAsync(300, "short again", cost: 0.003, system: "be kind", input: 2001);

        LeverReport report = await ReadAsync();
        Lever lever = Assert.Single(report.Levers);
        Assert.Equal(("uncached_prefix", 1L, _traces[1]), (lever.Name, lever.Calls, lever.ExampleTraces[0]));
        // All but the question, at half the price of the input; no cached price was seen.
        double messages = """[{"role":"user","parts":[{"type":"text","content":"again"}]}]""".Length;
        Assert.Equal(2001 * (8000 / (8000 + messages)) * 0.003 / 2001 * 0.5 * DaysToMonth, lever.SavedUsdPerMonth, 9);
    }

    [Fact]
    public async Task A_context_far_above_the_usual_for_a_usual_answer_is_oversized()
    {
        await StartAsync();
        for (int i = 0; i < 40; i++)
        {
            await CallAsync(2000 + i, $"q{i}", cost: 0.001, input: 1000, output: 100);
        }

        await CallAsync(100, "large", cost: 0.02, input: 20_000, output: 100);
        await CallAsync(90, "large with a long answer", cost: 0.02, input: 20_000, output: 1000);
        Lever lever = Assert.Single((await ReadAsync()).Levers);
        Assert.Equal(("oversized_context", 1L), (lever.Name, lever.Calls));
        Assert.Equal(0.02 * (1 - (2 * 1000 / 20_000.0)) * DaysToMonth, lever.SavedUsdPerMonth, 9);
    }

    [Fact]
    public async Task A_failed_call_that_is_asked_again_at_once_was_paid_for_nothing()
    {
        await StartAsync();
        await CallAsync(500, "try", cost: 0.005, status: "error");
        await CallAsync(490, "try", cost: 0.01);
        await CallAsync(300, "try again", cost: 0.005, status: "error");
        await CallAsync(200, "try again", cost: 0.01);
        Lever lever = Assert.Single((await ReadAsync()).Levers);
        Assert.Equal(("wasted_retry", 1L), (lever.Name, lever.Calls));
        Assert.Equal(0.005 * DaysToMonth, lever.SavedUsdPerMonth, 9);
    }

    [Theory]
    [InlineData(0.75, 1)]
    [InlineData(0.5, 0)]
    public async Task A_cheaper_model_of_the_family_is_a_lever_when_judges_find_it_as_good(double quality, int levers)
    {
        await StartAsync();
        await _client.ExecuteAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, provider, model_requested, operation, status, prompt_name, input_tokens, output_tokens, cost_usd)
            SELECT now() - number - 1, leftPad(lower(hex(number + 1)), 32, '0'), leftPad(lower(hex(number + 1)), 16, '0'), 'default', 'shop', 'openai', if(number < 40, 'gpt-4o', 'gpt-4o-mini'), 'chat', 'ok', 'triage', 800, 200, if(number < 40, 0.01, 0.001)
            FROM numbers(80)
            """,
            null,
            _cancellation);
        await _client.ExecuteAsync(
            """
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, value)
            SELECT ts, trace_id, span_id, tenant, service, trace_id, 'relevance', 'judge', if(model_requested = 'gpt-4o', 0.75, {quality:Float64}) + if(cityHash64(trace_id) % 2 = 0, 0.01, -0.01) FROM llm_calls
            """,
            new Dictionary<string, object?> { ["quality"] = quality },
            _cancellation);
        LeverReport report = await ReadAsync();
        Assert.Equal(levers, report.Levers.Count);
        if (levers > 0)
        {
            Assert.Equal(("cheaper_model", 40L), (report.Levers[0].Name, report.Levers[0].Calls));
            Assert.Equal(40 * 0.009 * DaysToMonth, report.Levers[0].SavedUsdPerMonth, 6);
        }
    }

    [Fact]
    public async Task Without_calls_there_is_nothing_to_save()
    {
        await StartAsync();
        LeverReport report = await ReadAsync();
        Assert.Equal((0L, 0.0, 0.0), (report.Calls, report.UsdPerMonth, report.SavedUsdPerMonth));
        Assert.Empty(report.Levers);
    }

    private static bool Near((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9;

    private async Task StartAsync() => _client = await clickHouse.NewDatabaseAsync();

    private Task<LeverReport> ReadAsync() => new LeverStore(_client).ReadAsync("", _cancellation);

    private async Task CallAsync(
        int secondsAgo, string asked, double cost, double outputCost = 0, string finish = "stop", string status = "ok", string model = "gpt-4o", string system = "", int input = 100, int cached = 0, int output = 10)
    {
        string trace = $"{_traces.Count + 1:x32}";
        _traces.Add(trace);
        var parameters = new Dictionary<string, object?>
        {
            ["seconds"] = secondsAgo,
            ["trace"] = trace,
            ["span"] = trace[16..],
            ["asked"] = $$"""[{"role":"user","parts":[{"type":"text","content":"{{asked}}"}]}]""",
            ["system"] = system,
            ["cost"] = cost,
            ["output_cost"] = outputCost,
            ["finish"] = finish,
            ["status"] = status,
            ["model"] = model,
            ["input"] = input,
            ["cached"] = cached,
            ["output"] = output,
        };
        await _client.ExecuteAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, provider, model_requested, operation, status, finish_reasons, input_tokens, cached_tokens, output_tokens, cost_usd, cost_input_usd, cost_output_usd)
            SELECT now64(9) - toIntervalSecond({seconds:Int32}), {trace:String}, {span:String}, 'default', 'shop', 'openai', {model:String}, 'chat', {status:String}, [{finish:String}], {input:UInt32}, {cached:UInt32}, {output:UInt32},
                {cost:Float64}, {cost:Float64} - {output_cost:Float64}, {output_cost:Float64}
            """,
            parameters,
            _cancellation);
        await _client.ExecuteAsync(
            "INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, system_instructions, input_messages) SELECT now64(9) - toIntervalSecond({seconds:Int32}), {trace:String}, {span:String}, 'default', 'shop', {system:String}, {asked:String}", parameters, _cancellation);
    }
}
