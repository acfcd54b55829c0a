using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Review;

namespace Telemetry.CommandLine.Review;

/// <summary><c>telemetry review</c>: answers for people to look at, and how far judges agree with them.</summary>
internal static class ReviewCommand
{
    private const int MostListed = 50;
    private const int LongestName = 100;

    public static Command Create(TimeProvider time) => new("review", "Answers for people to look at, and how far judges agree with them.")
    {
        Next(time), List(time), Score(time), Skip(), AgreementCommand.Create(time),
    };

    private static Command Next(TimeProvider time)
    {
        var queue = new QueueOptions();
        Option<string> reviewer = Reviewer();
        var all = new Option<bool>("--show-opinions") { Description = "Also show what was said about it; who sees it tends to agree" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("next", "Claims the next answer for half an hour and shows it.") { reviewer, all, json };
        queue.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            ClaimedItem? claimed = await new ReviewQueue(connection.Open(result)).ClaimNextAsync(queue.Read(result), result.GetRequiredValue(reviewer), time.GetUtcNow(), cancellation);
            if (claimed is null)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("nothing waits for a review");
                return ExitCodes.NotDone;
            }

            ClaimedItem shown = result.GetValue(all) ? claimed : claimed with { Opinions = [] };
            CommandOutput.Print(result, result.GetValue(json), shown, console => Print(console, shown));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List(TimeProvider time)
    {
        var queue = new QueueOptions();
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("list", $"Lists what waits, the first {MostListed} of it, in the order in which it is given out.") { json };
        queue.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<ReviewItem> items = await new ReviewQueue(connection.Open(result)).ListAsync(queue.Read(result), time.GetUtcNow(), MostListed, cancellation);
            CommandOutput.Print(result, result.GetValue(json), items, console => console.WriteTable(
                ["trace/span", "at (UTC)", "service", "why", "judged by"],
                items.Select(i => (string[])[$"{i.TraceId}/{i.SpanId}", TableText.Time(i.At), i.Service, i.Reason, string.Join(", ", i.Rubrics)])));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Score(TimeProvider time)
    {
        Argument<string> item = Item();
        var rubric = new Option<string>("--rubric") { Description = "What is judged; the judge's own name for it, so that both can be compared", Required = true };
        var value = new Option<double?>("--value") { Description = "0 (bad) to 1 (good)" };
        var label = new Option<string>("--label") { Description = "In a word", DefaultValueFactory = _ => "" };
        var comment = new Option<string>("--comment") { Description = "Why", DefaultValueFactory = _ => "" };
        Option<string> reviewer = Reviewer();
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("score", "Stores what a reviewer says about an answer. Said again by the same name, it takes the place of what was said before.") { item, rubric, value, label, comment, reviewer, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string[] ids = result.GetRequiredValue(item).Split('/');
            var verdict = new ReviewVerdict(
                ids[0], ids[^1], result.GetRequiredValue(rubric), result.GetRequiredValue(reviewer), result.GetValue(value), result.GetRequiredValue(label), result.GetRequiredValue(comment));
            if (Objection(ids, verdict) is { } objection)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(objection);
                return ExitCodes.NotDone;
            }

            if (!await new ReviewQueue(connection.Open(result)).ScoreAsync(verdict, time.GetUtcNow(), cancellation))
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"no call {verdict.TraceId}/{verdict.SpanId}; telemetry review next prints the ids");
                return ExitCodes.NotDone;
            }

            CommandOutput.Print(result, result.GetValue(json), verdict, console => console.WriteLine($"{verdict.TraceId}/{verdict.SpanId}: {verdict.Rubric} {TableText.Number(verdict.Value)} {verdict.Label} by {verdict.Reviewer}"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Skip()
    {
        Argument<string> item = Item();
        Option<string> reviewer = Reviewer();
        var connection = new ClickHouseConnection();
        var command = new Command("skip", "Puts an answer aside for good.") { item, reviewer };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string[] ids = result.GetRequiredValue(item).Split('/');
            if (ids.Length != 2)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(ItemObjection(ids));
                return ExitCodes.NotDone;
            }

            await new ReviewQueue(connection.Open(result)).SkipAsync(ids[0], ids[1], result.GetRequiredValue(reviewer), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Objection(string[] ids, ReviewVerdict verdict) =>
        ids.Length != 2 ? ItemObjection(ids)
        : verdict.Value is { } v && !(v >= 0 && v <= 1) ? string.Create(CultureInfo.InvariantCulture, $"--value {v}; allowed: 0 to 1")
        : verdict.Value is null && verdict.Label.Length == 0 ? "neither --value nor --label; allowed: one or both"
        : verdict.Rubric.Length is 0 or > LongestName ? $"--rubric has {verdict.Rubric.Length} characters; allowed: 1 to {LongestName}"
        : null;

    private static string ItemObjection(string[] ids) => $"\"{string.Join('/', ids)}\" is no item; allowed: trace/span as telemetry review next prints it";

    private static Argument<string> Item() => new("item") { Description = "trace/span, as next prints it" };

    private static Option<string> Reviewer() => new("--reviewer") { Description = "Who reviews", DefaultValueFactory = _ => Environment.UserName };

    private static void Print(IAnsiConsole console, ClaimedItem claimed)
    {
        console.WriteLine($"{claimed.Item.TraceId}/{claimed.Item.SpanId}  {TableText.Time(claimed.Item.At)}  {claimed.Item.Service}  ({claimed.Item.Reason})");
        foreach ((string title, string text) in (IEnumerable<(string, string)>)[("system", claimed.SystemInstructions), ("asked", claimed.InputMessages), ("answered", claimed.OutputMessages)])
        {
            if (text.Length > 0)
            {
                console.WriteLine();
                console.WriteLine($"{title}:");
                console.WriteLine(MessageText.Of(text));
            }
        }

        foreach (Opinion opinion in claimed.Opinions)
        {
            console.WriteLine($"{opinion.Source} {opinion.Name}: {TableText.Number(opinion.Value)} {opinion.Label} {opinion.Explanation}");
        }

        console.WriteLine();
        console.WriteLine($"telemetry review score {claimed.Item.TraceId}/{claimed.Item.SpanId} --rubric {(claimed.Item.Rubrics.Count > 0 ? string.Join('|', claimed.Item.Rubrics) : "helpfulness")} --value 0..1 --comment ...");
    }

    // The options that say which answers come into the queue.
    private sealed class QueueOptions
    {
        private readonly Option<string> _service = new("--service") { Description = "Only of this service", DefaultValueFactory = _ => "" };
        private readonly Option<string> _reason = new("--reason") { Description = $"Only for this reason: {string.Join(", ", ReviewReasons.All)}", DefaultValueFactory = _ => "" };
        private readonly Option<double> _share = new("--random-share") { Description = "Share of answers that are chosen at random, 0 to 1; leave it as it is while you measure agreement", DefaultValueFactory = _ => new ReviewOptions().RandomShare };

        public void AddTo(Command command)
        {
            _reason.AcceptOnlyFromAmong([.. ReviewReasons.All, ""]);
            command.Add(_service);
            command.Add(_reason);
            command.Add(_share);
        }

        public ReviewOptions Read(ParseResult result) => new() { Service = result.GetRequiredValue(_service), Reason = result.GetRequiredValue(_reason), RandomShare = Math.Clamp(result.GetValue(_share), 0, 1) };
    }
}
