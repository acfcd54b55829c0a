using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Compare;

namespace Telemetry.CommandLine.Prompts;

/// <summary><c>telemetry prompts compare</c>: ship, keep, or not enough data.</summary>
internal static class CompareCommand
{
    private const int DefaultDays = 14;
    private const double LeastAlpha = 0.0001;
    private const double MostAlpha = 0.5;

    public static Command Create(TimeProvider time)
    {
        var prompt = new Argument<string>("prompt") { Description = "Name of the prompt" };
        var baseline = new Argument<string>("baseline") { Description = "Version that is there" };
        var candidate = new Argument<string>("candidate") { Description = "Version that may take its place" };
        Option<string> service = PromptsCommand.ServiceOption();
        var goal = new Option<string>("--goal") { Description = $"What the candidate is to be better in: {Names()}", DefaultValueFactory = _ => ComparedMetric.Quality.Name };
        goal.AcceptOnlyFromAmong([.. ComparedMetric.All.Select(m => m.Name)]);
        var rubric = new Option<string>("--rubric") { Description = "Only judgements of this name", DefaultValueFactory = _ => "" };
        var days = new Option<int>("--days") { Description = "Days to look back", DefaultValueFactory = _ => DefaultDays };
        var alpha = new Option<double>("--alpha") { Description = "Chance that the goal's interval ever misses the truth", DefaultValueFactory = _ => Comparison.DefaultAlpha };
        var allHours = new Option<bool>("--all-hours") { Description = "Take calls of all hours, not only of those in which both versions were called" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("compare", "Compares two versions: ship, keep, or not enough data. May be asked as often as one likes: the intervals hold at every look.")
        {
            prompt, baseline, candidate, service, goal, rubric, days, alpha, allHours, json,
        };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            double level = result.GetValue(alpha);
            if (!(level >= LeastAlpha && level <= MostAlpha) || result.GetValue(days) is < 1 or > 400)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--alpha {level}, --days {result.GetValue(days)}; allowed: {LeastAlpha} to {MostAlpha}, and 1 to 400"));
                return ExitCodes.NotDone;
            }

            DateTimeOffset now = time.GetUtcNow();
            ComparisonReport report = await new PromptComparer(connection.Open(result)).CompareAsync(
                new ComparisonQuestion
                {
                    Prompt = result.GetRequiredValue(prompt),
                    Baseline = result.GetRequiredValue(baseline),
                    Candidate = result.GetRequiredValue(candidate),
                    Service = result.GetRequiredValue(service),
                    Rubric = result.GetRequiredValue(rubric),
                    Goal = ComparedMetric.Find(result.GetRequiredValue(goal))!,
                    Alpha = level,
                    AllHours = result.GetValue(allHours),
                    From = now.AddDays(-result.GetValue(days)),
                    To = now,
                },
                cancellation);
            CommandOutput.Print(result, result.GetValue(json), ForMachines(report), console => Print(console, report));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The verdict in one word.</summary>
    public static string Word(Decision decision) => decision switch
    {
        Decision.Ship => "ship",
        Decision.Keep => "keep",
        _ => "not enough data",
    };

    private static object ForMachines(ComparisonReport report) => new
    {
        Verdict = Word(report.Verdict.Decision),
        report.Verdict.Because,
        report.BaselineCalls,
        report.CandidateCalls,
        report.SharedHours,
        report.Warnings,
        Metrics = report.Verdict.Metrics.Where(m => m.State != MetricState.NotMeasured).Select(m => new
        {
            m.Metric.Name,
            m.Metric.Unit,
            m.IsGoal,
            Baseline = m.Baseline.Mean,
            Candidate = m.Candidate.Mean,
            Low = Finite(m.Difference.Low),
            High = Finite(m.Difference.High),
            m.Margin,
            State = m.State.ToString(),
            BaselineUsers = m.Baseline.Clusters,
            CandidateUsers = m.Candidate.Clusters,
        }),
        Quantiles = report.Quantiles.Select(q => new { q.Name, q.Baseline, q.Candidate, Low = Finite(q.Difference.Low), High = Finite(q.Difference.High) }),
    };

    private static void Print(IAnsiConsole console, ComparisonReport report)
    {
        console.WriteTable(
            ["", "baseline", "candidate", "difference, at any look", "margin", "users", "is"],
            [
                .. report.Verdict.Metrics.Where(m => m.State != MetricState.NotMeasured).Select(m => (string[])
                [
                    m.Metric.Name + (m.IsGoal ? " (goal)" : ""), Figure(m.Metric.Unit, m.Baseline.Mean), Figure(m.Metric.Unit, m.Candidate.Mean), Range(m.Metric.Unit, m.Difference), Figure(m.Metric.Unit, m.Margin),
                    string.Create(CultureInfo.InvariantCulture, $"{m.Baseline.Clusters:N0} / {m.Candidate.Clusters:N0}"), State(m),
                ]),
                .. report.Quantiles.Select(q => (string[])[q.Name, TableText.Milliseconds(q.Baseline), TableText.Milliseconds(q.Candidate), Range("ms", q.Difference), "", "", ""]),
            ]);
        foreach (string warning in report.Warnings)
        {
            console.WriteLine($"note: {warning}");
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.BaselineCalls:N0} and {report.CandidateCalls:N0} calls; both in {report.SharedHours:N0} hours"));
        console.WriteLine($"{Word(report.Verdict.Decision)}: {report.Verdict.Because}");
    }

    private static string State(MetricResult result) => result.State switch
    {
        MetricState.Better => "better",
        MetricState.NotWorse => "within its margin",
        MetricState.Worse => "worse",
        MetricState.NotWorthIt => "not better by the margin",
        _ => "open",
    };

    private static string Range(string unit, Interval interval) => double.IsFinite(interval.Low) && double.IsFinite(interval.High)
        ? $"{Figure(unit, interval.Low)} to {Figure(unit, interval.High)}"
        : TableText.Unknown;

    private static string Figure(string unit, double value) => unit switch
    {
        "share" => TableText.Share(value),
        "usd" => TableText.Usd(value),
        "ms" => TableText.Milliseconds(value),
        _ => TableText.Number(value),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Names() => string.Join(", ", ComparedMetric.All.Select(m => m.Name));
}
