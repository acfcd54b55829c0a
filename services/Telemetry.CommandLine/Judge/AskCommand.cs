using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.Judge;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.Judge.Score;
using Telemetry.Judge.Spend;

namespace Telemetry.CommandLine.Judge;

/// <summary><c>telemetry judge ask</c>: judges one call now and shows what was asked. Nothing is written, no budget is taken.</summary>
internal static class AskCommand
{
    public static Command Create(TimeProvider time)
    {
        var trace = new Argument<string>("trace") { Description = "Trace id, 32 hex digits" };
        var span = new Option<string?>("--span") { Description = "Span id of the call; the last call of the trace with an answer when left out" };
        var rubric = new Option<string>("--rubric") { Description = "Rubric to judge by", DefaultValueFactory = _ => "relevance" };
        var rubrics = new Option<string>("--rubrics") { Description = "File or directory of rubrics over the shipped ones", DefaultValueFactory = _ => "" };
        var url = new Option<string>("--url") { Description = "Base URL of the judge's API, for example https://api.openai.com/v1", DefaultValueFactory = _ => "https://api.openai.com/v1" };
        var model = new Option<string>("--model") { Description = "Model that judges; the key is read from the environment variable TELEMETRY_JUDGE_API_KEY", DefaultValueFactory = _ => "gpt-4o-mini" };
        var allow = new Option<bool>("--allow-private") { Description = "The endpoint may be on this machine or in a private network" };
        var dry = new Option<bool>("--dry-run") { Description = "Show what would be asked, and ask nothing" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("ask", "Judges one call now and shows what was asked. No score is written.") { trace, span, rubric, rubrics, url, model, allow, dry, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                var options = new JudgeEndpointOptions { Url = result.GetRequiredValue(url), Model = result.GetRequiredValue(model), AllowPrivate = result.GetValue(allow) };
                if (options.Validate(new ValidationContext(options)).FirstOrDefault() is { } wrong)
                {
                    return await RefuseAsync(result, $"--{wrong.MemberNames.First().ToLowerInvariant()}: {wrong.ErrorMessage}");
                }

                IReadOnlyDictionary<string, Rubric> known = RubricReader.Read(RubricReader.ShippedDirectory, result.GetRequiredValue(rubrics));
                if (known.GetValueOrDefault(result.GetRequiredValue(rubric)) is not { Kind: RubricKind.Score } chosen)
                {
                    return await RefuseAsync(result, $"--rubric \"{result.GetRequiredValue(rubric)}\": allowed: {string.Join(", ", known.Values.Where(r => r.Kind == RubricKind.Score).Select(r => r.Name))}");
                }

                ClickHouseClient client = connection.Open(result);
                string traceId = result.GetRequiredValue(trace).ToLowerInvariant();
                string? spanId = result.GetValue(span)?.ToLowerInvariant() ?? await LastCallAsync(client, traceId, cancellation);
                (JudgeSubject? subject, _, string reason) = spanId is null ? (null, 1, "no_content") : await new SubjectReader(client).ReadAsync(traceId, spanId, cancellation);
                if (subject is null)
                {
                    return await RefuseAsync(result, $"nothing to judge in trace {traceId}: {(reason == "taken_back" ? "the call was taken back" : "no answer of it is kept")}");
                }

                var prompt = JudgePrompt.Score(chosen, subject, new DataFence(), options.LongestText);
                Judgement? judgement = result.GetValue(dry) ? null : await JudgeAsync(options, chosen, subject, time, cancellation);
                Print(result, result.GetValue(json), spanId!, prompt, judgement);
                return judgement is null or { Error.Length: 0 } ? ExitCodes.Done : ExitCodes.NotDone;
            }
            catch (RuleFileException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadFile;
            }
        });
        return command;
    }

    private static async Task<string?> LastCallAsync(ClickHouseClient client, string trace, CancellationToken cancellation)
    {
        ClickHouseResult found = await client.QueryAsync(
            "SELECT span_id FROM llm_content_now WHERE trace_id = {trace:String} AND output_messages != '' ORDER BY ts DESC LIMIT 1", new Dictionary<string, object?> { ["trace"] = trace }, cancellation);
        return found.Rows.Count == 0 ? null : found.Rows[0].GetString("span_id");
    }

    private static async Task<Judgement> JudgeAsync(JudgeEndpointOptions options, Rubric rubric, JudgeSubject subject, TimeProvider time, CancellationToken cancellation)
    {
        var book = new PriceBookFiles(new JudgeOptions());
        using var judge = new JudgeClient(options, new JudgePrices(options, () => book.Current, time), new NoBudget(), NullLoggerFactory.Instance, time);
        return await judge.AskAsync(rubric, subject, cancellation);
    }

    private static void Print(ParseResult result, bool json, string span, JudgePrompt prompt, Judgement? judgement)
    {
        var shown = new
        {
            Span = span,
            prompt.System,
            prompt.User,
            judgement?.Score,
            judgement?.Value,
            judgement?.Label,
            judgement?.Explanation,
            judgement?.Error,
            judgement?.CostUsd,
            Seconds = judgement?.Duration.TotalSeconds,
            Requests = judgement?.Exchanges.Count,
        };
        CommandOutput.Print(result, json, shown, console =>
        {
            console.WriteLine("system: " + prompt.System);
            console.WriteLine();
            console.WriteLine("user: " + prompt.User);
            console.WriteLine();
            if (judgement is { Error.Length: 0 })
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{judgement.Rubric} {judgement.RubricVersion}: {judgement.Score} ({judgement.Label}, value {judgement.Value:0.##}): {judgement.Explanation}"));
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{judgement.Exchanges.Count} requests, {judgement.Duration.TotalSeconds:0.0} s, {(judgement.CostUsd is { } usd ? $"{usd:0.######} USD" : "unknown cost")}"));
            }
            else if (judgement is not null)
            {
                console.WriteLine($"no score: {judgement.Error} {judgement.Explanation}");
            }
        });
    }

    private static async Task<int> RefuseAsync(ParseResult result, string message)
    {
        await result.InvocationConfiguration.Error.WriteLineAsync(message);
        return ExitCodes.NotDone;
    }
}
