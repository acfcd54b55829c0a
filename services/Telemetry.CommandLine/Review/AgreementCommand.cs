using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Agree;
using Telemetry.Quality.Compare;

namespace Telemetry.CommandLine.Review;

/// <summary><c>telemetry review agreement</c>: how far each judge agrees with people.</summary>
internal static class AgreementCommand
{
    private const double Confidence = 0.95;
    private const int DefaultDays = 90;

    public static Command Create(TimeProvider time)
    {
        var rubric = new Option<string>("--rubric") { Description = "Only this rubric", DefaultValueFactory = _ => "" };
        var days = new Option<int>("--days") { Description = "Only what people said in so many days", DefaultValueFactory = _ => DefaultDays };
        var onlyRandom = new Option<bool>("--only-random") { Description = "Only answers that were chosen at random: these speak for all, disagreements and low scores do not" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("agreement", "Agreement, Cohen's kappa with its interval, correlation and table of confusion, by rubric, version and judge.") { rubric, days, onlyRandom, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<Agreement> all = await new AgreementReader(connection.Open(result)).ReadAsync(
                result.GetRequiredValue(rubric), time.GetUtcNow().AddDays(-result.GetValue(days)), result.GetValue(onlyRandom), cancellation);
            if (all.Count == 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("no answer was judged by both a judge and a person; telemetry review next shows what waits");
                return ExitCodes.NotDone;
            }

            CommandOutput.Print(result, result.GetValue(json), all.Select(ForMachines).ToList(), console => Print(console, all));
            return ExitCodes.Done;
        });
        return command;
    }

    private static object ForMachines(Agreement a) => new
    {
        a.Rubric,
        a.RubricVersion,
        a.JudgeModel,
        a.Pairs,
        Agreement = a.Kappa?.Agreement,
        Kappa = Figures(a.Kappa),
        WeightedKappa = Figures(a.WeightedKappa),
        a.Correlations.Pearson,
        a.Correlations.Spearman,
        SpearmanLow = Finite(a.Correlations.SpearmanInterval(Confidence).Low),
        SpearmanHigh = Finite(a.Correlations.SpearmanInterval(Confidence).High),
        a.Bias,
        Categories = a.Table?.Categories,
        Confusion = a.Table is { } t ? Enumerable.Range(0, t.Categories.Count).Select(i => Enumerable.Range(0, t.Categories.Count).Select(j => t[i, j]).ToArray()).ToArray() : null,
    };

    private static object? Figures(Kappa? kappa) => kappa is null ? null : new { kappa.Value, kappa.StandardError, Low = Finite(kappa.Interval(Confidence).Low), High = Finite(kappa.Interval(Confidence).High) };

    private static void Print(IAnsiConsole console, IReadOnlyList<Agreement> all)
    {
        console.WriteTable(
            ["rubric", "version", "judge", "pairs", "same", "kappa (95 %)", "weighted kappa (95 %)", "rank correlation (95 %)", "judge is kinder by"],
            all.Select(a => (string[])
            [
                a.Rubric, a.RubricVersion, a.JudgeModel, a.Pairs.ToString("N0", CultureInfo.InvariantCulture), TableText.Share(a.Kappa?.Agreement), Text(a.Kappa), Text(a.WeightedKappa),
                Text(a.Correlations.Spearman, a.Correlations.SpearmanInterval(Confidence)), TableText.Number(a.Bias, 2),
            ]));
        foreach (Agreement a in all.Where(a => a.Table is { Categories.Count: > 1 and <= 10 }))
        {
            console.WriteLine($"{a.Rubric} {a.RubricVersion} {a.JudgeModel}: rows what the judge said, columns what people said");
            console.WriteTable(
                ["", .. a.Table!.Categories],
                a.Table.Categories.Select((category, i) => (string[])[category, .. Enumerable.Range(0, a.Table.Categories.Count).Select(j => a.Table[i, j].ToString("0", CultureInfo.InvariantCulture))]));
        }
    }

    private static string Text(Kappa? kappa) => kappa is null ? TableText.Unknown : Text(kappa.Value, kappa.Interval(Confidence));

    private static string Text(double? value, Interval interval) => value is { } v && double.IsFinite(interval.Low)
        ? string.Create(CultureInfo.InvariantCulture, $"{v:0.00} ({interval.Low:0.00} to {interval.High:0.00})")
        : TableText.Number(value);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
