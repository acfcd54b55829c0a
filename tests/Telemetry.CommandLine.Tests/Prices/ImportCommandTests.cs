using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Tests.Prices;

public class ImportCommandTests
{
    private const string GenAi = """
        [
          {"id": "openai", "pricing_urls": ["https://example.org"], "models": [
            {"id": "gpt-a", "match": {"or": [{"equals": "gpt-a"}, {"and": [{"starts_with": "gpt-a-"}, {"regex": "^(?!.*-tts)"}]}]},
             "prices": [{"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200, "price": 2}, {"start": 100, "price": 1.5}]}, "output_mtok": 0.18000000000000002, "requests_kcount": 12}},
                        {"constraint": {"start_date": "2026-01-02"}, "prices": {"input_mtok": 1, "output_mtok": 4}},
                        {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}, "prices": {"input_mtok": 0.5, "output_mtok": 2}}]},
            {"id": "gpt-b", "match": {"equals": "gpt-b"}, "prices": {"input_mtok": 3, "output_mtok": 5}},
            {"id": "whisper", "match": {"equals": "whisper"}, "prices": {"audio_hours": 0.36}},
            {"id": "gift:free", "match": {"equals": "gift:free"}, "prices": {}},
            {"id": "unpriced", "match": {"equals": "unpriced"}, "prices": {}}]},
          {"id": "azure", "fallback_model_providers": ["openai"], "models": []}
        ]
        """;

    private const string Langfuse = """
        [
          {"modelName": "gpt-b", "pricingTiers": [
            {"isDefault": true, "priority": 0, "conditions": [], "prices": {"input": 3e-6, "output": 5e-6, "input_audio_tokens": 40e-6}},
            {"isDefault": false, "priority": 2, "conditions": [{"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]}],
             "prices": {"input": 1.5e-6, "output": 2.5e-6}},
            {"isDefault": false, "priority": 1, "conditions": [{"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]},
               {"usageDetailPattern": "(input)", "operator": "gt", "value": 272000}], "prices": {"input": 3e-6, "output": 3.5e-6}}]},
          {"modelName": "gpt-a", "pricingTiers": [{"isDefault": true, "priority": 0, "conditions": [], "prices": {"input": 9e-6, "output": 4e-6}}]},
          {"modelName": "gpt-z", "pricingTiers": [{"isDefault": true, "priority": 0, "conditions": [], "prices": {"input": 9e-6}}]}
        ]
        """;

    [Fact]
    public async Task It_writes_one_file_a_provider_in_our_layout()
    {
        using var directory = new TemporaryDirectory();
        CommandRun run = await ImportAsync(directory, "out");

        JsonNode openai = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(directory.Path, "out", "openai.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("""{"or":[{"equals":"gpt-a"},{"and":[{"starts_with":"gpt-a-"},{"not":{"regex":"-tts"}}]}]}""", openai["models"]![0]!["match"]!.ToJsonString());
        Assert.Equal(
            """[{"usd_per_request":0.012,"usd_per_million_tokens":{"input":{"base":1,"steps":[{"above_input_tokens":100,"price":1.5},{"above_input_tokens":200,"price":2}]},"output":0.18}},"""
            + """{"from":"2026-01-02","usd_per_million_tokens":{"input":1,"output":4}},"""
            + """{"from":"2026-01-02","day_start_utc":"16:30","day_end_utc":"00:30","usd_per_million_tokens":{"input":0.5,"output":2}}]""",
            openai["models"]![0]!["prices"]!.ToJsonString());
        Assert.Equal("""{"input":0,"output":0}""", openai["models"]![3]!["prices"]![0]!["usd_per_million_tokens"]!.ToJsonString());
        Assert.Equal("{}", openai["models"]![4]!["prices"]![0]!["usd_per_million_tokens"]!.ToJsonString());
        Assert.Equal("MIT", (string?)openai["source"]!["licence"]);
        Assert.True(File.Exists(Path.Combine(directory.Path, "out", "azure.json")));
    }

    [Fact]
    public async Task It_adds_what_only_the_second_source_knows_where_both_agree_on_the_rest()
    {
        using var directory = new TemporaryDirectory();
        await ImportAsync(directory, "out");

        var book = PriceBook.Parse([.. Directory.GetFiles(Path.Combine(directory.Path, "out"), "*.json").Order().Select(f => (f, (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]);
        ModelPrices model = book.Find("openai", "gpt-b", null)!;
        var at = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(40m, model.At(at)!.PriceOf(TokenKind.AudioInput)!.Base);
        Assert.Equal((1.5m, 3m), (model.At(at, "flex")!.PriceOf(TokenKind.Input)!.For(272_000), model.At(at, "flex")!.PriceOf(TokenKind.Input)!.For(272_001)));
        Assert.Contains("langfuse", model.At(at, "flex")!.Source, StringComparison.Ordinal);
        Assert.False(book.Find("openai", "gpt-a", null)!.HasTier("flex"));
    }

    [Fact]
    public async Task It_reports_where_the_sources_disagree_to_people_machines_and_in_a_file()
    {
        using var directory = new TemporaryDirectory();
        CommandRun people = await ImportAsync(directory, "out");
        CommandRun machines = await ImportAsync(directory, "out", "--json");
        string report = await File.ReadAllTextAsync(Path.Combine(directory.Path, "out", "REPORT.md"), TestContext.Current.CancellationToken);

        Assert.Matches(@"openai\s+gpt-a\s+input\s+1\s+9", people.Output);
        JsonNode difference = JsonNode.Parse(machines.Output)!["comparison"]!["differences"]!.AsArray().Single()!;
        Assert.Equal("""{"provider":"openai","model":"gpt-a","kind":"input","ours":1,"theirs":9}""", difference.ToJsonString());
        Assert.Contains("| openai | gpt-a | input | 1 | 9 |", report, StringComparison.Ordinal);
        Assert.Contains("unknown to the book: openai/gpt-z", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gives_the_same_bytes_every_time_and_removes_providers_that_are_gone()
    {
        using var directory = new TemporaryDirectory();
        await ImportAsync(directory, "one");
        directory.Write("two/gone.json", "{}");
        await ImportAsync(directory, "two");

        Assert.Equal(Contents(directory, "one"), Contents(directory, "two"));
    }

    [Theory]
    [InlineData("[]", "an array of providers")]
    [InlineData("{", "not JSON")]
    [InlineData("""[{"id": "a", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"moon_mtok": 1}}]}, {"id": "b", "models": []}]""", "a/m: the unit moon_mtok is not known")]
    [InlineData("""[{"id": "a", "models": [{"id": "m", "match": {"like": "m"}, "prices": {"input_mtok": 1}}]}, {"id": "b", "models": []}]""", "\"like\" is no match clause")]
    [InlineData("""[{"id": "a", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": -1}}]}, {"id": "b", "models": []}]""", "US dollars from 0")]
    public async Task A_wrong_source_leaves_the_old_book_as_it_was(string source, string error)
    {
        using var directory = new TemporaryDirectory();
        string old = directory.Write("out/openai.json", "old");
        CommandRun run = await CommandRun.Of("prices", "import", "--genai-prices", directory.Write("data.json", source), "--date", "2026-09-23", "--out", Path.GetDirectoryName(old)!);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(old, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(old)!));
    }

    [Fact]
    public async Task A_date_that_is_none_is_refused()
    {
        using var directory = new TemporaryDirectory();
        CommandRun run = await CommandRun.Of("prices", "import", "--genai-prices", directory.Write("data.json", GenAi), "--date", "23.9.2026", "--out", directory.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("23.9.2026: a day such as 2026-09-23 is expected", run.Error, StringComparison.Ordinal);
    }

    private static Task<CommandRun> ImportAsync(TemporaryDirectory directory, string output, params string[] more) => CommandRun.Of(
        [
            "prices", "import", "--genai-prices", directory.Write("data.json", GenAi), "--langfuse", directory.Write("langfuse.json", Langfuse), "--date", "2026-09-23",
            "--out", Path.Combine(directory.Path, output), .. more,
        ]);

    private static List<(string, string)> Contents(TemporaryDirectory directory, string name) =>
        [.. Directory.GetFiles(Path.Combine(directory.Path, name)).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllText(f)))];
}
