namespace Telemetry.CommandLine.Tests.Prices;

public class ShowCommandTests
{
    [Fact]
    public async Task It_shows_people_what_a_model_costs()
    {
        CommandRun run = await CommandRun.Of("prices", "show", "gcp.gemini", "gemini-2.5-pro", "--prices", CommandRun.PricesDirectory);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("google/gemini-2.5-pro@start (book ", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"input\s+1\.25\s+a million tokens", run.Output);
        Assert.Matches(@"\s+2\.5\s+when the input is over 200000 tokens", run.Output);
    }

    [Fact]
    public async Task It_shows_machines_one_object_with_exact_decimals()
    {
        CommandRun run = await CommandRun.Of("prices", "show", "openai", "gpt-4o-mini-2024-07-18", "--json", "--prices", CommandRun.PricesDirectory);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("openai/gpt-4o-mini@start", run.Json.GetProperty("price_id").GetString());
        Assert.Equal("0.075", run.Json.GetProperty("usd_per_million_tokens").GetProperty("cache_read").GetProperty("base").GetRawText());
        Assert.Equal("0.01", run.Json.GetProperty("usd_per_web_search").GetRawText());
    }

    [Theory]
    [InlineData("2025-06-09T23:59:59Z", "openai/o3@start")]
    [InlineData("2025-06-10T00:00:00Z", "openai/o3@2025-06-10")]
    [InlineData(null, "openai/o3@2025-06-10")]
    public async Task It_shows_the_price_of_a_moment_and_of_now_without_one(string? at, string priceId)
    {
        string[] moment = at is null ? [] : ["--at", at];
        CommandRun run = await CommandRun.Of(["prices", "show", "openai", "o3", "--json", "--prices", CommandRun.PricesDirectory, .. moment]);

        Assert.Equal(priceId, run.Json.GetProperty("price_id").GetString());
    }

    [Theory]
    [InlineData("openai", "gpt-99", "unknown_model")]
    [InlineData("nobody", "gpt-4o", "unknown_provider")]
    public async Task What_is_unknown_ends_with_one_and_its_reason(string provider, string model, string reason)
    {
        CommandRun people = await CommandRun.Of("prices", "show", provider, model, "--prices", CommandRun.PricesDirectory);
        CommandRun machines = await CommandRun.Of("prices", "show", provider, model, "--json", "--prices", CommandRun.PricesDirectory);

        Assert.Equal((1, $"{provider} {model}: {reason}"), (people.ExitCode, people.Output.Trim()));
        Assert.Equal((1, reason), (machines.ExitCode, machines.Json.GetProperty("cost_reason").GetString()));
    }

    [Fact]
    public async Task A_service_tier_and_an_override_file_are_taken_into_account()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("mine.json", """{"provider": "openai", "models": [{"id": "gpt-4o", "prices": [{"tier": "flex", "usd_per_million_tokens": {"input": "1.1"}}]}]}""");

        CommandRun run = await CommandRun.Of("prices", "show", "openai", "gpt-4o", "--tier", "flex", "--override", file, "--json", "--prices", CommandRun.PricesDirectory);

        Assert.Equal("openai/gpt-4o@start#flex", run.Json.GetProperty("price_id").GetString());
        Assert.Equal("1.1", run.Json.GetProperty("usd_per_million_tokens").GetProperty("input").GetProperty("base").GetRawText());
    }

    [Fact]
    public async Task A_missing_or_wrong_file_ends_with_two_and_says_which()
    {
        using var directory = new TemporaryDirectory();
        string missing = Path.Combine(directory.Path, "none");
        string wrong = directory.Write("book/bad.json", """{"provider": "p", "models": 1}""");

        CommandRun none = await CommandRun.Of("prices", "show", "p", "m", "--prices", missing);
        CommandRun bad = await CommandRun.Of("prices", "show", "p", "m", "--prices", Path.GetDirectoryName(wrong)!);

        Assert.Equal(2, none.ExitCode);
        Assert.Contains(missing, none.Error, StringComparison.Ordinal);
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains($"{wrong}: $.models: an array is expected", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prices", "show", "openai")]
    [InlineData("prices", "show", "openai", "gpt-4o", "--at", "yesterday")]
    [InlineData("prices", "sing")]
    public async Task A_command_line_that_is_not_understood_ends_with_one_and_says_why(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);

        Assert.Equal(1, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Help_names_the_commands_and_the_exit_codes()
    {
        CommandRun run = await CommandRun.Of("--help");
        CommandRun prices = await CommandRun.Of("prices", "--help");

        Assert.Equal((0, 0), (run.ExitCode, prices.ExitCode));
        Assert.Contains("Exit codes: 0 done", run.Output, StringComparison.Ordinal);
        Assert.Contains("import", prices.Output, StringComparison.Ordinal);
        Assert.Contains("show <provider> <model>", prices.Output, StringComparison.Ordinal);
    }
}
