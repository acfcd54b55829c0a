using System.Globalization;
using System.Text.Json;

namespace Telemetry.CommandLine.Tests.Ask;

/// <summary>The commands that ask, over the real engine.</summary>
public sealed class QuestionTests(DemoEngine engine) : IClassFixture<DemoEngine>
{
    private const string Trace = "00000000000000000000000000000001";

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cost_adds_up_to_what_the_calls_cost()
    {
        CommandRun run = await engine.RunAsync("cost", "--by", "tenant,model", "--from", "now-2d", "--to", "now-1d", "--where", "tenant=globex", "--limit", "1000", "--json");

        JsonElement answer = run.Json;
        decimal total = decimal.Parse(answer.GetProperty("total").GetProperty("cost_usd").GetString()!, CultureInfo.InvariantCulture);
        Assert.Equal(total, answer.GetProperty("costs").EnumerateArray().Sum(c => c.GetProperty("cost_usd").GetString() is { } usd ? decimal.Parse(usd, CultureInfo.InvariantCulture) : 0));
        Assert.True(total > 1);
        Assert.Equal(["globex"], answer.GetProperty("costs").EnumerateArray().Select(c => c.GetProperty("tenant").GetString()).Distinct());
    }

    [Fact]
    public async Task Cost_is_a_table_for_people_without_colours_when_nobody_looks()
    {
        CommandRun run = await engine.RunAsync("cost", "--by", "model", "--from", "now-24h");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("claude-sonnet-4-5", run.Output, StringComparison.Ordinal);
        Assert.Contains("have no price", run.Output, StringComparison.Ordinal);
        Assert.Contains("by midnight about $", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Calls_are_those_that_fit()
    {
        CommandRun run = await engine.RunAsync("calls", "--from", "now-24h", "--status", "error", "--service", "checkout", "--where", "error_type!=timeout", "--where", "min_duration_ms=1000", "--limit", "20", "--json");

        JsonElement[] calls = [.. run.Json.GetProperty("calls").EnumerateArray()];
        Assert.NotEmpty(calls);
        Assert.All(calls, c => Assert.Equal(("error", "checkout"), (c.GetProperty("status").GetString(), c.GetProperty("service").GetString())));
        Assert.All(calls, c => Assert.NotEqual("timeout", c.GetProperty("error_type").GetString()));
        Assert.All(calls, c => Assert.True(c.GetProperty("duration_ms").GetDouble() >= 1000));
    }

    [Fact]
    public async Task Following_prints_each_call_once_as_it_comes()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        using var output = new StringWriter();
        Task<int> following = engine.BeginAsync(TextWriter.Synchronized(output), stop.Token, "calls", "--follow", "--json", "--tenant", "follow");
        for (int i = 0; i < 3; i++)
        {
            await engine.Client.ExecuteAsync(
                "INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, tokens_source) SELECT now64(9), lower(leftPad(hex({i:UInt32}), 32, 'f')), lower(leftPad(hex({i:UInt32}), 16, 'f')), 'follow', 'follow', 'ok', 'reported'",
                new Dictionary<string, object?> { ["i"] = i }, _cancellation);
            int wanted = i + 1;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (Lines(output).Length < wanted)
            {
                await Task.Delay(50, limit.Token);
            }
        }

        await stop.CancelAsync();
        Assert.Equal(0, await following);
        Assert.Equal(3, Lines(output).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("span_id").GetString()).Distinct().Count());
        Assert.Equal(3, Lines(output).Length);
    }

    [Fact]
    public async Task A_trace_is_a_tree_with_what_it_cost_and_why()
    {
        CommandRun run = await engine.RunAsync("trace", Trace.ToUpperInvariant(), "--content");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("not billed: wrapper", run.Output, StringComparison.Ordinal);
        Assert.Contains("billed at demo/price", run.Output, StringComparison.Ordinal);
        Assert.Contains("━", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 billed calls", run.Output, StringComparison.Ordinal);
        Assert.Contains("Be kind.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Be kind.", (await engine.RunAsync("trace", Trace)).Output, StringComparison.Ordinal);
        JsonElement spans = (await engine.RunAsync("trace", Trace, "--json")).Json.GetProperty("spans");
        Assert.Equal([0, 1, 1, 1], spans.EnumerateArray().Select(s => s.GetProperty("depth").GetInt32()));
    }

    [Fact]
    public async Task What_spans_say_does_nothing_to_the_terminal()
    {
        await engine.Client.ExecuteAsync(
            "INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, operation, status, error_type, tokens_source) SELECT now64(9), 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'eeeeeeeeeeeeeeee', 'hostile', {s:String}, {s:String}, 'chat', 'error', {s:String}, 'reported'",
            new Dictionary<string, object?> { ["s"] = "\u001b]0;pwned\u0007[red]x[/]\u202e\r\nfake" }, _cancellation);

        foreach (string[] command in (string[][])[["calls", "--tenant", "hostile"], ["trace", new string('e', 32)], ["cost", "--by", "service", "--from", "now-1h", "--tenant", "hostile"], ["top", "--count", "1"]])
        {
            CommandRun run = await engine.RunAsync(command);
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("[red]x[/]", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(run.Output, c => c is '\u001b' or '\u0007' or '\u202e' or '\r');
        }
    }

    [Fact]
    public async Task Status_tells_what_is_not_well_by_its_exit_code()
    {
        CommandRun run = await engine.RunAsync("status", "--health", "http://127.0.0.1:9", "--json");

        Assert.Equal(3, run.ExitCode);
        JsonElement answer = run.Json;
        Assert.False(answer.GetProperty("well").GetBoolean());
        var checks = answer.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.TryGetProperty("well", out JsonElement well) ? well.GetBoolean() : (bool?)null);
        Assert.Equal((false, true, false, false, true, null), (checks["service 127.0.0.1:9"], checks["clickhouse"], checks["incidents"], checks["dead letters"], checks["counted once"], checks["spent today"]));
    }

    [Fact]
    public async Task Without_clickhouse_status_says_so_and_others_are_not_done()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(3, await CommandLineApp.RunAsync(["status", "--clickhouse", "http://127.0.0.1:9", "--health", "http://127.0.0.1:9"], output, error, TimeProvider.System));
        Assert.Contains("FAIL clickhouse", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await CommandLineApp.RunAsync(["cost", "--clickhouse", "http://127.0.0.1:9"], output, error, TimeProvider.System));
        Assert.Contains("127.0.0.1:9", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_prints_where_it_cannot_draw()
    {
        CommandRun run = await engine.RunAsync("top", "--count", "2", "--every", "0.5", "--by", "model", "--minutes", "1440", "--sort", "cost_usd");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Output.Split("telemetry top").Length - 1);
        Assert.Contains("gpt-4o-mini", run.Output, StringComparison.Ordinal);
        JsonElement json = (await engine.RunAsync("top", "--count", "1", "--json", "--minutes", "1440")).Json;
        Assert.True(json.GetProperty("now").GetProperty("calls").GetInt64() > 0);
    }

    [Theory]
    [InlineData("calls --limit 0", "--limit \"0\": allowed: 1 to 10000")]
    [InlineData("calls --from yesteryear", "from \"yesteryear\": allowed: RFC 3339")]
    [InlineData("calls --where colour=red", "--where \"colour\": allowed: tenant, service")]
    [InlineData("calls --where service", "--where \"service\": allowed: name=value")]
    [InlineData("calls --sort name", "sort \"name\": allowed: time")]
    [InlineData("cost --by span", "--by \"span\": allowed: tenant")]
    [InlineData("cost --tz Mars", "tz \"Mars\": allowed: an IANA")]
    [InlineData("top --by user --count 1", "--by \"user\": allowed: service")]
    [InlineData("trace 12", "trace \"12\": allowed: 32 hex digits")]
    [InlineData("status --max-lag soon", "--max-lag \"soon\": allowed: a time")]
    public async Task What_is_wrong_is_told_with_what_is_allowed(string command, string expected)
    {
        CommandRun run = await engine.RunAsync(command.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_that_is_not_there_is_not_done()
    {
        CommandRun run = await engine.RunAsync("trace", new string('9', 32));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no trace", run.Error, StringComparison.Ordinal);
    }

    private static string[] Lines(StringWriter output) => output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
