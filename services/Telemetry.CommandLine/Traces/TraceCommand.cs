using System.CommandLine;
using Spectre.Console;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Questions;
using Telemetry.Query.Scope;

namespace Telemetry.CommandLine.Traces;

/// <summary><c>telemetry trace</c>: what happened in a trace, what it cost, and why.</summary>
internal static class TraceCommand
{
    private const int IdDigits = 32;

    public static Command Create()
    {
        var id = new Argument<string>("trace") { Description = "Trace id, 32 hex digits" };
        var content = new Option<bool>("--content") { Description = "Also messages and answers, as far as they were kept" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new QueryConnection();
        var command = new Command("trace", "Shows a trace as a tree: when, how long, tokens, cost, and why a span was billed or not.") { id, content, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string trace = result.GetRequiredValue(id).Trim().ToLowerInvariant();
            if (trace.Length != IdDigits || !trace.All(char.IsAsciiHexDigit))
            {
                throw new InvalidQueryException("trace", trace, "32 hex digits");
            }

            bool withContent = result.GetValue(content);
            IReadOnlyDictionary<string, Result> parts = await connection.AskAllAsync(result, TraceQuestion.Ask(trace, AccessScope.All with { MayReadContent = withContent }), cancellation);
            List<ArrangedRow> spans = [.. TraceTree.Arrange(parts["spans"])];
            if (spans.Count == 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"no trace {trace}; calls are kept 90 days, other spans 30");
                return ExitCodes.NotDone;
            }

            var forMachines = new Dictionary<string, object> { ["trace_id"] = trace, ["spans"] = spans.Select(s => Object(parts["spans"], s)).ToList() };
            foreach ((string name, Result part) in parts.Where(p => p.Key != "spans"))
            {
                forMachines[name] = RowTable.Objects(part);
            }

            CommandOutput.Print(result, result.GetValue(json), forMachines, console => Print(console, trace, spans, parts));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Dictionary<string, object?> Object(Result result, ArrangedRow span)
    {
        Dictionary<string, object?> row = RowTable.Object(result, span.Row);
        foreach ((string name, double value) in span.More)
        {
            row[name] = value;
        }

        return row;
    }

    private static void Print(IAnsiConsole console, string trace, IReadOnlyList<ArrangedRow> spans, IReadOnlyDictionary<string, Result> parts)
    {
        console.WriteLine($"trace {trace}");
        console.Write(TraceView.Tree(spans));
        foreach (string line in TraceView.Sums(spans).Concat(TraceView.Judgements(parts)))
        {
            console.WriteLine(line);
        }

        if (parts.TryGetValue("content", out Result? content))
        {
            foreach (string line in TraceView.Content(content))
            {
                console.WriteLine(line);
            }
        }
    }
}
