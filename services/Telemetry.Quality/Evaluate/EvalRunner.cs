using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;

namespace Telemetry.Quality.Evaluate;

/// <summary>Asks every case as often as wanted, several at once, and checks the answers.</summary>
/// <param name="endpoint">Who is asked.</param>
/// <param name="judge">Who judges by rubrics; null when no case needs it.</param>
/// <param name="rubrics">The rubrics, by name.</param>
/// <param name="prompt">System prompt for every case, with places like {{name}}; null for none.</param>
public sealed partial class EvalRunner(EvalEndpoint endpoint, JudgeClient? judge, IReadOnlyDictionary<string, Rubric> rubrics, string? prompt)
{
    private const int LongestAnswer = 16 * 1024;

    /// <summary>What is missing before a set can be run: a rubric, a judge, a variable. Each with its line.</summary>
    public IEnumerable<string> Problems(IEnumerable<EvalCase> cases)
    {
        string[] places = prompt is null ? [] : [.. Place().Matches(prompt).Select(m => m.Groups[1].Value).Distinct()];
        foreach (EvalCase one in cases)
        {
            foreach (string place in places.Where(p => !one.Variables.ContainsKey(p)))
            {
                yield return $"{one.Line}: variables lacks \"{place}\", which the prompt file has; allowed: a text for each of {string.Join(", ", places)}";
            }

            foreach (string rubric in one.Rubrics.Keys)
            {
                if (judge is null)
                {
                    yield return $"{one.Line}: expect.rubric needs a judge; give --judge and --judge-model";
                }
                else if (!rubrics.TryGetValue(rubric, out Rubric? known) || known.Kind != RubricKind.Score)
                {
                    yield return $"{one.Line}: expect.rubric is \"{rubric}\"; allowed: {string.Join(", ", rubrics.Values.Where(r => r.Kind == RubricKind.Score).Select(r => r.Name))}";
                }
                else if ((known.NeedsContext && one.Context is null) || (known.NeedsReference && one.Reference is null))
                {
                    yield return $"{one.Line}: expect.rubric \"{rubric}\" needs {(known.NeedsContext ? "context" : "reference")} in the case";
                }
            }
        }
    }

    /// <summary>Runs.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="repeats">How often each is asked.</param>
    /// <param name="concurrency">How many at once.</param>
    /// <param name="progress">Told after each result how many there are; null when nobody asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Results, by case in the set's order and repeat.</returns>
    public async Task<IReadOnlyList<EvalResult>> RunAsync(IReadOnlyList<EvalCase> cases, int repeats, int concurrency, Action<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var results = new ConcurrentDictionary<(int Case, int Repeat), EvalResult>();
        int done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, repeats).SelectMany(r => Enumerable.Range(0, cases.Count).Select(c => (Case: c, Repeat: r))),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation },
            async (work, stop) =>
            {
                results[work] = await RunAsync(cases[work.Case], work.Repeat, stop);
                progress?.Invoke(Interlocked.Increment(ref done));
            });
        return [.. results.OrderBy(r => r.Key).Select(r => r.Value)];
    }

    private async Task<EvalResult> RunAsync(EvalCase one, int repeat, CancellationToken cancellation)
    {
        JsonElement messages = WithPrompt(one);
        EvalAnswer answer = await endpoint.AskAsync(messages, one.Tools, cancellation);
        var failures = new List<string>();
        var scores = new Dictionary<string, double>();
        string error = answer.Error;
        if (error.Length == 0)
        {
            failures.AddRange(one.Expectations.Select(e => e.Broken(answer) is { } broken ? $"{e.Name}: {broken}" : null).OfType<string>());
            foreach ((string rubric, double least) in one.Rubrics)
            {
                error = await JudgeAsync(one, messages, answer, rubric, least, scores, failures, cancellation) ?? error;
            }
        }

        return new EvalResult
        {
            CaseId = one.Id,
            Repeat = repeat,
            Passed = error.Length == 0 && failures.Count == 0,
            MustPass = one.MustPass,
            Failures = failures,
            Scores = scores,
            Error = error,
            Answer = answer.Text.Length <= LongestAnswer ? answer.Text : answer.Text[..LongestAnswer],
            LatencyMilliseconds = answer.Latency.TotalMilliseconds,
            InputTokens = answer.InputTokens,
            OutputTokens = answer.OutputTokens,
        };
    }

    private async Task<string?> JudgeAsync(
        EvalCase one, JsonElement messages, EvalAnswer answer, string rubric, double least, Dictionary<string, double> scores, List<string> failures, CancellationToken cancellation)
    {
        Judgement judgement = await judge!.AskAsync(rubrics[rubric], new JudgeSubject(messages.GetRawText(), answer.Text, one.Context, one.Reference), cancellation);
        if (judgement.Value is not { } value)
        {
            return $"the judge said nothing by {rubric}: {judgement.Error} {judgement.Explanation}".TrimEnd();
        }

        scores[rubric] = value;
        if (value < least)
        {
            failures.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rubric: {rubric} {value:0.##}, at least {least:0.##}: {judgement.Explanation}"));
        }

        return null;
    }

    private JsonElement WithPrompt(EvalCase one)
    {
        if (prompt is null)
        {
            return one.Messages;
        }

        string filled = Place().Replace(prompt, m => one.Variables.GetValueOrDefault(m.Groups[1].Value, m.Value));
        return JsonSerializer.SerializeToElement((object[])[new { role = "system", content = filled }, .. one.Messages.EnumerateArray().Cast<object>()]);
    }

    [GeneratedRegex(@"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
