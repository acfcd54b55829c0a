using System.Text.Json;

namespace Telemetry.Console.Tests.Api;

/// <summary>What is wrong is told with field, value and what is allowed; what is too much is refused.</summary>
public sealed class ProblemTests(ConsoleFixture console)
{
    [Theory]
    [InlineData("/overview?from=yesteryear", "from", "yesteryear")]
    [InlineData("/overview?from=2026-11-21T10:00:00", "from", "2026-11-21T10:00:00")]
    [InlineData("/overview?from=now-99999999999d", "from", "now-99999999999d")]
    [InlineData("/overview?from=now&to=now-1h", "from", "now")]
    [InlineData("/overview?from=0001-01-01", "from", "0001-01-01")]
    [InlineData("/overview?tz=Mars/Olympus", "tz", "Mars/Olympus")]
    [InlineData("/overview?tz=..%2F..%2Fetc%2Fpasswd", "tz", "../../etc/passwd")]
    [InlineData("/overview?modle=x", "modle", "x")]
    [InlineData("/overview?user=x", "user", "x")]
    [InlineData("/overview?from=now-1h&from=now-2h", "from", "now-1h,now-2h")]
    [InlineData("/series?metric=price", "metric", "price")]
    [InlineData("/series?step=7m", "step", "7m")]
    [InlineData("/series?step=1m&from=now-29d", "step", "1m")]
    [InlineData("/series?step=1m&from=now-40d", "step", "1m")]
    [InlineData("/series?group_by=user", "group_by", "user")]
    [InlineData("/series?group_by=tenant,service,model,provider", "group_by", "tenant,service,model,provider")]
    [InlineData("/series?groups=0", "groups", "0")]
    [InlineData("/models?limit=0", "limit", "0")]
    [InlineData("/models?limit=1001", "limit", "1001")]
    [InlineData("/models?limit=-1", "limit", "-1")]
    [InlineData("/models?format=xls", "format", "xls")]
    [InlineData("/models?status=fine", "status", "fine")]
    [InlineData("/calls?sort=name", "sort", "name")]
    [InlineData("/calls?order=up", "order", "up")]
    [InlineData("/calls?min_cost_usd=cheap", "min_cost_usd", "cheap")]
    [InlineData("/calls?min_output_tokens=1.5", "min_output_tokens", "1.5")]
    [InlineData("/calls/xyz/0000000000000001", "trace", "xyz")]
    [InlineData("/traces/1", "trace", "1")]
    [InlineData("/dimensions/colour/values", "name", "colour")]
    [InlineData("/quality?by=span_id", "by", "span_id")]
    [InlineData("/sql?query=", "query", "")]
    [InlineData("/sql?query=SELECT+1+SETTINGS+max_memory_usage%3D0", "query", "SELECT 1 SETTINGS max_memory_usage=0")]
    [InlineData("/sql?query=SELECT+1+FORMAT+JSON", "query", "SELECT 1 FORMAT JSON")]
    public async Task A_wrong_parameter_is_named_with_its_value_and_what_is_allowed(string path, string field, string value)
    {
        (int status, JsonElement problem) = await console.TryGetAsync(path);

        Assert.True(status == 400, $"{status} {problem}");
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal("urn:telemetry:problem:invalid-request", problem.GetProperty("type").GetString());
        JsonElement error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.Equal(value, error.GetProperty("value").GetString());
        Assert.NotEqual("", error.GetProperty("allowed").GetString());
        Assert.Contains(field, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_values_and_too_long_ones_are_refused()
    {
        Assert.Equal(400, (await console.TryGetAsync("/calls?" + string.Join('&', Enumerable.Range(0, 101).Select(i => $"user=u{i}")))).Status);
        Assert.Equal(400, (await console.TryGetAsync("/calls?user=" + new string('x', 2001))).Status);
        Assert.Equal(200, (await console.TryGetAsync("/calls?" + string.Join('&', Enumerable.Range(0, 100).Select(i => $"user=u{i}")))).Status);
    }

    [Theory]
    [InlineData("/calls/ffffffffffffffffffffffffffffff00/ffffffffffffff00")]
    [InlineData("/traces/ffffffffffffffffffffffffffffff00")]
    [InlineData("/alerts/none")]
    [InlineData("/nothing/here")]
    [InlineData("")]
    public async Task What_is_not_there_is_a_problem_too(string path)
    {
        (int status, JsonElement problem) = await console.TryGetAsync(path);

        Assert.Equal(404, status);
        Assert.Equal("urn:telemetry:problem:not-found", problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_ended()
    {
        var options = new ConsoleOptions();
        options.Query.MaxExecutionTime = TimeSpan.FromSeconds(1);
        Uri slow = await console.StartAsync(options);

        (int status, JsonElement problem) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString("SELECT sum(cityHash64(number, number + 1)) FROM numbers(1000000000000)"), slow);

        Assert.True(status is 504 or 422, $"{status} {problem}");
    }

    [Fact]
    public async Task A_query_that_needs_too_much_memory_is_ended()
    {
        var options = new ConsoleOptions();
        options.Query.MaxMemoryBytes = 16 << 20;
        Uri small = await console.StartAsync(options);

        (int status, JsonElement problem) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString("SELECT uniqExact(number) FROM numbers(10000000)"), small);

        Assert.True(status == 422, $"{status} {problem}");
        Assert.Equal(241, problem.GetProperty("clickhouse_code").GetInt32());
    }

    [Fact]
    public async Task More_questions_than_places_wait_and_are_refused_when_none_becomes_free()
    {
        var options = new ConsoleOptions();
        options.Query.MaxConcurrent = 1;
        options.Query.QueueTimeout = TimeSpan.Zero;
        Uri narrow = await console.StartAsync(options);
        string slow = "/sql?query=" + Uri.EscapeDataString("SELECT sleepEachRow(0.5) FROM numbers(4) WHERE NOT ignore(*)");

        (int Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => console.TryGetAsync(slow, narrow)));

        Assert.Contains(answers, a => a.Status == 200);
        JsonElement refused = answers.First(a => a.Status == 503).Body;
        Assert.Equal("urn:telemetry:problem:busy", refused.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Without_clickhouse_questions_end_in_503_and_the_reason()
    {
        var operations = new Hosting.Health.OperationsOptions { Port = 0 };
        var nowhere = new ClickHouse.Client.ClickHouseClient(console.Http, new ClickHouse.Client.ClickHouseOptions { Url = new Uri("http://127.0.0.1:9") });
        using var web = new ConsoleWeb(new ConsoleOptions(), operations, nowhere, null, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System);
        await using var server = new Hosting.Health.OperationsServer(operations, [], Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, web);
        await server.StartAsync(TestContext.Current.CancellationToken);

        (int status, JsonElement problem) = await console.TryGetAsync("/overview", server.Url);

        Assert.Equal(503, status);
        Assert.Contains("127.0.0.1:9", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_validated() => Assert.Contains(
        "Telemetry:Console:Query:MaxConcurrent = \"0\"",
        Assert.Throws<Hosting.Configuration.ConfigurationException>(() =>
        {
            var reader = new Hosting.Configuration.OptionsReader(new Microsoft.Extensions.Configuration.ConfigurationManager { ["Telemetry:Console:Query:MaxConcurrent"] = "0" });
            reader.Read<ConsoleOptions>(ConsoleOptions.Section);
            reader.ThrowIfInvalid();
        }).Message,
        StringComparison.Ordinal);
}
