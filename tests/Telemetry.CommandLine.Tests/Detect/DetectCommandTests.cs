using System.Globalization;

namespace Telemetry.CommandLine.Tests.Detect;

/// <summary><c>telemetry detect</c> over files.</summary>
public sealed class DetectCommandTests
{
    [Fact]
    public async Task It_tells_the_hour_that_was_unlike_all_others_and_nothing_else()
    {
        CommandRun run = await Run(Waves(odd: 900), "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(1, run.Json.GetProperty("odd").GetInt32());
        Assert.InRange(int.Parse(run.Json.GetProperty("rows")[0].GetProperty("at").GetString()!, CultureInfo.InvariantCulture), 900, 920);
        Assert.Equal(180, run.Json.GetProperty("warm_up").GetInt32());
    }

    [Fact]
    public async Task A_series_that_repeats_itself_has_no_event()
    {
        CommandRun run = await Run(Waves(odd: null), "--json");

        Assert.Equal(0, run.Json.GetProperty("odd").GetInt32());
    }

    [Fact]
    public async Task It_reads_the_column_that_is_named_and_leaves_out_what_has_no_value()
    {
        CommandRun run = await Run(["ts,calls,score", "a,1,0.5", "b,1,", "c,1,0.7"], "--column", "score", "--all", "--json");

        Assert.Equal(["a", "c"], run.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("at").GetString()));
    }

    [Theory]
    [InlineData("ts,value\n1,2\n2,many", ":3: \"2,many\"; a time and a number")]
    [InlineData("1", ":1: \"1\"; a time and a number")]
    public async Task A_line_that_is_no_time_and_number_is_named(string text, string expected)
    {
        CommandRun run = await Run(text.Split('\n'));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_told_with_those_that_are()
    {
        CommandRun run = await Run(["ts,value", "1,2"], "--column", "score");

        Assert.Contains("no column \"score\"; there are ts, value", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Either_a_file_or_a_query()
    {
        Assert.Equal(1, (await CommandRun.Of("detect")).ExitCode);
        Assert.Equal(1, (await CommandRun.Of("detect", "some.csv", "--sql", "SELECT 1")).ExitCode);
    }

    private static async Task<CommandRun> Run(IEnumerable<string> lines, params string[] options)
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "series.csv");
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
        return await CommandRun.Of(["detect", file, .. options]);
    }

    // A wave of 60 values; where it is odd it stands still for half of one.
    private static IEnumerable<string> Waves(int? odd)
    {
        var random = new Random(5);
        for (int i = 0; i < 1200; i++)
        {
            bool isOdd = i >= odd && i < odd + 30;
            double value = (isOdd ? 0 : Math.Sin(i * 2 * Math.PI / 60)) + (0.02 * random.NextDouble());
            yield return string.Create(CultureInfo.InvariantCulture, $"{i},{value}");
        }
    }
}
