using System.Text.Json;

namespace Telemetry.Console.Tests.Api;

/// <summary>Statements of people: they read, within limits, and change nothing.</summary>
public sealed class SqlTests(ConsoleFixture console)
{
    [Fact]
    public async Task A_statement_answers_with_columns_and_rows()
    {
        JsonElement answer = await console.GetAsync("/sql?query=" + Uri.EscapeDataString("SELECT 1 AS n, toDecimal64(0.1, 12) AS usd, toDateTime64('2026-11-21 09:30:00.5', 3, 'UTC') AS at, ['a'] AS list, map('k', 'v') AS m, nan AS nothing, toUInt128(1) AS big"));

        JsonElement row = answer.GetProperty("data")[0];
        Assert.Equal("""{"n":1,"usd":"0.1","at":"2026-11-21T09:30:00.5Z","list":["a"],"m":{"k":"v"},"nothing":null,"big":"1"}""", row.GetRawText());
        Assert.Equal(["UInt8", "Decimal(18, 12)"], answer.GetProperty("columns").EnumerateArray().Take(2).Select(c => c.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Values_are_bound_from_the_url_and_from_the_body()
    {
        JsonElement byUrl = await console.GetAsync($"/sql?query={Uri.EscapeDataString("SELECT {who:String} AS who, {n:UInt32} AS n")}&param_who=o'brien&param_n=5");
        (int status, JsonElement byBody) = await console.SendAsync(HttpMethod.Post, "/sql", """{"query": "SELECT {who:String} AS who, {n:UInt32} AS n;", "parameters": {"who": "o'brien", "n": 5}}""");

        Assert.Equal(200, status);
        Assert.Equal("""{"who":"o'brien","n":5}""", byUrl.GetProperty("data")[0].GetRawText());
        Assert.Equal("""{"who":"o'brien","n":5}""", byBody.GetProperty("data")[0].GetRawText());
    }

    [Theory]
    [InlineData("DROP TABLE llm_calls", 403)]
    [InlineData("INSERT INTO alert_silences (silence_id) VALUES ('x')", 400)]
    [InlineData("ALTER TABLE llm_calls DELETE WHERE 1", 403)]
    [InlineData("SET readonly = 0", 403)]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')", 403)]
    [InlineData("SELECT * FROM url('http://127.0.0.1/', 'LineAsString')", 403)]
    [InlineData("SELECT 1; SELECT 2", 400)]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/x'", 400)]
    [InlineData("SELECT FROM", 400)]
    [InlineData("SELECT nothing_of_that_name", 400)]
    [InlineData("SELECT * FROM nothing_of_that_name", 400)]
    public async Task A_statement_that_does_more_than_read_is_refused(string sql, int expected)
    {
        const string Rows = "SELECT count() FROM llm_calls";
        string before = await console.AskOneAsync(Rows);

        (int status, JsonElement problem) = await console.TryGetAsync("/sql?query=" + Uri.EscapeDataString(sql));

        Assert.True(status == expected, $"{status} {problem}");
        Assert.Equal(before, await console.AskOneAsync(Rows));
    }

    [Fact]
    public async Task Names_and_texts_that_look_like_clauses_are_fine()
    {
        JsonElement answer = await console.GetAsync("/sql?query=" + Uri.EscapeDataString("SELECT 'SETTINGS FORMAT JSON' AS `settings` -- SETTINGS"));

        Assert.Equal("SETTINGS FORMAT JSON", answer.GetProperty("data")[0].GetProperty("settings").GetString());
    }

    [Fact]
    public async Task More_rows_than_wanted_are_cut_and_said()
    {
        JsonElement answer = await console.GetAsync("/sql?limit=10&query=" + Uri.EscapeDataString("SELECT number FROM numbers(10000000)"));

        Assert.Equal(10, answer.GetProperty("data").GetArrayLength());
        Assert.True(answer.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task As_a_user_who_may_change_things_statements_are_not_answered()
    {
        Uri asWriter = await console.StartAsync(new ConsoleOptions(), asReader: false);

        (int status, JsonElement problem) = await console.TryGetAsync("/sql?query=SELECT+1", asWriter);

        Assert.Equal(403, status);
        Assert.Contains("read-only user", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await console.TryGetAsync("/models", asWriter)).Status);
    }

    [Fact]
    public async Task Switched_off_they_are_refused()
    {
        Uri off = await console.StartAsync(new ConsoleOptions { AllowSql = false });

        Assert.Equal(403, (await console.TryGetAsync("/sql?query=SELECT+1", off)).Status);
    }
}
