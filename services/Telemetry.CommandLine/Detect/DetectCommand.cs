using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;

namespace Telemetry.CommandLine.Detect;

/// <summary><c>telemetry detect</c>: what is odd in any series of numbers, from a file or by a query.</summary>
internal static class DetectCommand
{
    private const int MostRows = 1_000_000;

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("file") { Description = "CSV with a time and a number a line", Arity = ArgumentArity.ZeroOrOne };
        var sql = new Option<string?>("--sql") { Description = "Instead of a file: a SELECT with the columns ts and value" };
        var column = new Option<string?>("--column") { Description = "Header of the file's column of values; the second one by default" };
        var warmUp = new Option<int?>("--warm-up") { Description = "Values at the beginning of which nothing is said; 15 % of them, at most 750, by default" };
        var all = new Option<bool>("--all") { Description = "Print the score of every value" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("detect", "Tells what is odd in a series of which nothing is known, neither unit nor period; each event once.") { file, sql, column, warmUp, all, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            (FileInfo? path, string? query) = (result.GetValue(file), result.GetValue(sql));
            if (path is null == query is null)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("either a file or --sql");
                return ExitCodes.NotDone;
            }

            IReadOnlyList<SeriesRow> rows = path is not null
                ? [.. SeriesFile.Read(File.ReadLines(path.FullName), path.Name, result.GetValue(column))]
                : await AskAsync(connection.Open(result), query!, cancellation);
            int first = result.GetValue(warmUp) ?? SeriesScores.WarmUpOf(rows.Count);
            if (first < 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--warm-up {first}: allowed: 0 or more"));
                return ExitCodes.NotDone;
            }

            IReadOnlyList<ScoredRow> scored = SeriesScores.Of(rows, first);
            List<ScoredRow> shown = [.. scored.Where(r => r.Told || result.GetValue(all))];
            CommandOutput.Print(result, result.GetValue(json), new { Values = rows.Count, WarmUp = first, Odd = scored.Count(r => r.Told), Rows = shown }, console => Print(console, shown, scored, first));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<SeriesRow>> AskAsync(ClickHouseClient client, string query, CancellationToken cancellation)
    {
        // A query with an end of line at its end may end with a comment.
        string sql = $"SELECT toString(ts) AS at, toFloat64(assumeNotNull(value)) AS number FROM (\n{query.TrimEnd().TrimEnd(';')}\n) WHERE isNotNull(value) AND isFinite(value) ORDER BY ts LIMIT {{most:UInt32}}";
        ClickHouseResult result = await client.QueryAsync(sql, new Dictionary<string, object?> { ["most"] = MostRows }, cancellation);
        return [.. result.Rows.Select(r => new SeriesRow(r.GetString("at"), r.GetDouble("number")))];
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<ScoredRow> shown, IReadOnlyList<ScoredRow> scored, int warmUp)
    {
        foreach (ScoredRow row in shown)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.At}  {row.Value,14:G6}  {row.Score:0.000}{(row.Told ? "  odd" : "")}"));
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scored.Count} values, nothing is said of the first {Math.Min(warmUp, scored.Count)}: {scored.Count(r => r.Told)} events"));
    }
}
