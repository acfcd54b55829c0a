using System.Text.Json;

namespace Telemetry.Console.Tests.Api;

/// <summary>Lists that go on: every row once, whatever is sorted by, and whatever comes in between.</summary>
public sealed class PageTests(ConsoleFixture console)
{
    [Theory]
    [InlineData("/calls?tenant=globex&tenant=acme&from=now-3h&limit=37", "span_id")]
    [InlineData("/calls?tenant=globex&tenant=acme&from=now-3h&limit=37&order=asc", "span_id")]
    [InlineData("/calls?tenant=globex&tenant=acme&from=now-3h&limit=50&sort=cost_usd", "span_id")]
    [InlineData("/calls?tenant=globex&tenant=acme&from=now-3h&limit=50&sort=ttft_ms&order=asc", "span_id")]
    [InlineData("/calls?tenant=globex&tenant=acme&from=now-3h&limit=50&sort=output_tokens", "span_id")]
    [InlineData("/scores?from=now-3h&limit=40&source=judge", "span_id")]
    [InlineData("/scores?from=now-3h&limit=40&source=judge&sort=value", "span_id")]
    [InlineData("/anomalies?limit=2", "anomaly_id")]
    [InlineData("/alerts?limit=2", "incident_id")]
    [InlineData("/dead-letters?limit=5", "id")]
    public async Task Pages_together_are_the_whole_list_in_its_order(string path, string id)
    {
        // The same range for all of them: now goes on.
        path = path.Replace("now-3h", "now-3h&to=now", StringComparison.Ordinal).Replace("now-3h", At(-3), StringComparison.Ordinal).Replace("to=now", "to=" + At(0), StringComparison.Ordinal);
        string whole = System.Text.RegularExpressions.Regex.Replace(path, @"limit=\d+", "limit=1000");
        string[] expected = Ids(await console.GetAsync(whole), id);
        var read = new List<string>();
        string? cursor = "";
        for (int pages = 0; cursor is not null; pages++)
        {
            Assert.InRange(pages, 0, 100);
            JsonElement page = await console.GetAsync(path + (cursor.Length > 0 ? $"&cursor={cursor}" : ""));
            read.AddRange(Ids(page, id));
            cursor = page.GetProperty("next_cursor").GetString();
            Assert.Equal(cursor is not null, page.GetProperty("has_more").GetBoolean());
        }

        Assert.True(expected.Length > 4, $"{expected.Length} rows");
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task Calls_that_come_in_between_do_not_move_the_pages()
    {
        const string Path = "/calls?from=now-2h&limit=10&service=late";
        await InsertAsync("early", 30, 3600);
        JsonElement first = await console.GetAsync(Path);
        await InsertAsync("between", 5, 60);

        var read = new List<string>(Ids(first, "span_id"));
        for (string? cursor = first.GetProperty("next_cursor").GetString(); cursor is not null;)
        {
            JsonElement page = await console.GetAsync($"{Path}&cursor={cursor}");
            read.AddRange(Ids(page, "span_id"));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(30, read.Count);
        Assert.Equal(30, read.Distinct().Count());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("WyIxIiwiMiIsIjMiLCI0Il0")]
    [InlineData("W10")]
    [InlineData("bnVsbA")]
    [InlineData("WzEsMiwzLDRd")]
    public async Task A_cursor_that_is_none_is_refused(string cursor)
    {
        (int status, JsonElement problem) = await console.TryGetAsync($"/calls?cursor={cursor}");

        Assert.Equal(400, status);
        Assert.Equal("cursor", problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_cursor_of_another_question_is_refused()
    {
        string cursor = (await console.GetAsync("/calls?limit=1&service=checkout")).GetProperty("next_cursor").GetString()!;

        foreach (string path in (string[])[$"/calls?limit=1&cursor={cursor}", $"/calls?service=search&cursor={cursor}", $"/calls?service=checkout&sort=cost_usd&cursor={cursor}", $"/scores?cursor={cursor}"])
        {
            Assert.Equal(400, (await console.TryGetAsync(path)).Status);
        }

        Assert.Equal(200, (await console.TryGetAsync($"/calls?limit=7&service=checkout&cursor={cursor}")).Status);
    }

    [Fact]
    public async Task Calls_that_were_taken_back_are_not_listed()
    {
        JsonElement answer = await console.GetAsync("/calls?from=now-3d&limit=1000&sort=cost_usd&tenant=globex");

        string[] ids = Ids(answer, "span_id");
        Assert.Equal(ids.Length, ids.Distinct().Count());
        JsonElement range = answer.GetProperty("range");
        string expected = await console.AskOneAsync($"SELECT max(cost_usd) FROM llm_calls_now WHERE tenant = 'globex' AND ts >= parseDateTime64BestEffort('{range.GetProperty("from")}') AND ts < parseDateTime64BestEffort('{range.GetProperty("to")}')");
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(answer.GetProperty("data")[0].GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string At(int hours) => TimeProvider.System.GetUtcNow().AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private Task InsertAsync(string prefix, int count, int secondsAgo) => console.Writer.ExecuteAsync(
        $$"""
        INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, tokens_source)
        SELECT now64(9) - toIntervalSecond({{secondsAgo}} + number), lower(hex(MD5(concat('{{prefix}}', toString(number))))), lower(substring(hex(MD5(concat('{{prefix}}', toString(number)))), 1, 16)), 'late', 'late', 'ok', 'reported'
        FROM numbers({{count}})
        """,
        null, TestContext.Current.CancellationToken);

    private static string[] Ids(JsonElement answer, string id) => [.. answer.GetProperty("data").EnumerateArray().Select(r => $"{(r.TryGetProperty("trace_id", out JsonElement trace) ? trace.GetString() : "")}/{r.GetProperty(id).GetString()}/{(r.TryGetProperty("name", out JsonElement name) ? name.GetString() : "")}")];
}
