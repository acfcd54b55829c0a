using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.Quality.Evaluate;

namespace Telemetry.CommandLine.Evals;

/// <summary><c>telemetry eval run</c>: asks an endpoint every case of a set; exit code 1 on a regression.</summary>
internal sealed class RunCommand
{
    /// <summary>Chance of calling a run worse that is not.</summary>
    public const double DefaultAlpha = 0.05;

    private const string KeyVariable = "TELEMETRY_EVAL_API_KEY";
    private const int MostRepeats = 100;
    private const int MostConcurrency = 64;
    private const int IdBytes = 8;
    private const int ProgressEvery = 20;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Argument<string> _set = new("set") { Description = "Golden set: JSON Lines, one case a line; see docs/golden-sets.md" };
    private readonly Option<Uri> _endpoint = new("--endpoint") { Description = $"Base URL of an API like OpenAI's, for example https://api.openai.com/v1; the key is read from the environment variable {KeyVariable}", Required = true, CustomParser = UrlOption.Parse };
    private readonly Option<string> _model = new("--model") { Description = "Model to ask for", Required = true };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "File with a system prompt; {{name}} takes the case's variable" };
    private readonly Option<string> _label = new("--label") { Description = "What the run is told apart by, such as the prompt's version", DefaultValueFactory = _ => "" };
    private readonly Option<int> _repeats = new("--repeats") { Description = "How often each case is asked", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "How many are asked at once", DefaultValueFactory = _ => 4 };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "Sampling temperature; not sent when absent" };
    private readonly Option<Uri?> _judge = new("--judge") { Description = "Base URL of the judge's API, for expectations by rubric; its key is read from TELEMETRY_JUDGE_API_KEY", CustomParser = UrlOption.Parse };
    private readonly Option<string> _judgeModel = new("--judge-model") { Description = "The judge's model", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _rubrics = new("--rubrics") { Description = "Directory with rubrics of your own, beside the shipped ones" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "Compare with: a run's id, latest (of this set), or a file of --out" };
    private readonly Option<string?> _out = new("--out") { Description = "Write the run to this file; ClickHouse is not needed then" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Any case that passed and fails now is a regression" };
    private readonly Option<double> _alpha = new("--alpha") { Description = "Chance of calling a run worse that is not", DefaultValueFactory = _ => DefaultAlpha };
    private readonly Option<bool> _json = new("--json") { Description = "Print for machines" };
    private readonly ClickHouseConnection _connection = new();
    private readonly TimeProvider _time;

    private RunCommand(TimeProvider time) => _time = time;

    public static Command Create(TimeProvider time) => new RunCommand(time).Build();

    private Command Build()
    {
        var command = new Command("run", "Asks every case and checks the answers. Exit codes: 0 no regression, 1 a regression (or a wrong command line), 2 a file is missing or wrong, 3 the endpoint or the judge left cases without a result.")
        {
            _set, _endpoint, _model, _prompt, _label, _repeats, _concurrency, _temperature, _judge, _judgeModel, _rubrics, _baseline, _out, _strict, _alpha, _json,
        };
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        TextWriter error = result.InvocationConfiguration.Error;
        if (Objection(result) is { } objection)
        {
            await error.WriteLineAsync(objection);
            return ExitCodes.NotDone;
        }

        string path = result.GetRequiredValue(_set);
        IReadOnlyList<EvalCase> cases = EvalSetReader.Read(path);
        EvalRun? baseline = await BaselineAsync(result, Path.GetFileName(path), cancellation);
        if (baseline is null && result.GetValue(_baseline) is { } wanted && wanted != "latest")
        {
            await error.WriteLineAsync($"--baseline: no single run \"{wanted}\"; allowed: latest, an id that telemetry eval list prints, or a file of --out");
            return ExitCodes.NotDone;
        }

        using JudgeClient? judge = Judge(result);
        using var endpoint = new EvalEndpoint(
            new EvalEndpointOptions
            {
                Url = result.GetRequiredValue(_endpoint),
                Model = result.GetRequiredValue(_model),
                ApiKey = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : "none",
                Temperature = result.GetValue(_temperature),
            },
            _time);
        var runner = new EvalRunner(
            endpoint, judge, judge is null ? new Dictionary<string, Rubric>() : RubricReader.Read([RubricReader.ShippedDirectory, .. result.GetValue(_rubrics) is { } own ? (string[])[own] : []]),
            result.GetValue(_prompt) is { } prompt ? await File.ReadAllTextAsync(prompt, cancellation) : null);
        if (runner.Problems(cases).Take(20).ToList() is { Count: > 0 } problems)
        {
            throw new EvalSetException(path, problems);
        }

        EvalRun run = await AskAsync(result, path, cases, runner, cancellation);
        await StoreAsync(result, run, cancellation);
        EvalComparison? comparison = baseline is null ? null : EvalComparison.Of(baseline, run, result.GetValue(_alpha), result.GetValue(_strict));
        CommandOutput.Print(result, result.GetValue(_json), new { run.Id, run.PassRate, run.MeanScore, run.Incomplete, Comparison = comparison, Failed = run.Results.Where(r => !r.Passed) }, console =>
        {
            EvalCommand.Print(console, run);
            if (comparison is not null)
            {
                EvalCommand.Print(console, comparison);
            }
        });
        bool isWorse = comparison?.IsRegression ?? run.Results.Any(r => r is { MustPass: true, Passed: false, Error: "" });
        return isWorse ? ExitCodes.NotDone : run.Incomplete > 0 ? ExitCodes.Incomplete : ExitCodes.Done;
    }

    private string? Objection(ParseResult result) =>
        result.GetValue(_repeats) is < 1 or > MostRepeats ? $"--repeats {result.GetValue(_repeats)}; allowed: 1 to {MostRepeats}"
        : result.GetValue(_concurrency) is < 1 or > MostConcurrency ? $"--concurrency {result.GetValue(_concurrency)}; allowed: 1 to {MostConcurrency}"
        : !(result.GetValue(_alpha) is > 0 and < 1) ? string.Create(CultureInfo.InvariantCulture, $"--alpha {result.GetValue(_alpha)}; allowed: between 0 and 1")
        : result.GetValue(_judge) is not null && result.GetRequiredValue(_judgeModel).Length == 0 ? "--judge-model is missing; allowed: the judge's model, since --judge is set"
        : null;

    private JudgeClient? Judge(ParseResult result)
    {
        if (result.GetValue(_judge) is not { } url)
        {
            return null;
        }

        var options = new JudgeEndpointOptions
        {
            Url = url.ToString(),
            Model = result.GetRequiredValue(_judgeModel),
            // Whoever starts the command names the endpoint; it is no address that came from outside.
            AllowPrivate = true,
            Concurrency = result.GetValue(_concurrency),
            RequestsPerMinute = 100_000,
            InputUsdPerMillion = 0,
            OutputUsdPerMillion = 0,
        };
        return new JudgeClient(options, new JudgePrices(options, null, _time), new NoBudget(), NullLoggerFactory.Instance, _time);
    }

    private async Task<EvalRun> AskAsync(ParseResult result, string path, IReadOnlyList<EvalCase> cases, EvalRunner runner, CancellationToken cancellation)
    {
        DateTimeOffset started = _time.GetUtcNow();
        TextWriter error = result.InvocationConfiguration.Error;
        int all = cases.Count * result.GetValue(_repeats);
        int step = Math.Max(1, all / ProgressEvery);
        IReadOnlyList<EvalResult> results = await runner.RunAsync(
            cases, result.GetValue(_repeats), result.GetValue(_concurrency), done =>
            {
                if (done % step == 0 && done < all)
                {
                    error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {all}"));
                }
            },
            cancellation);
        return new EvalRun
        {
            Id = started.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            StartedAt = started,
            Set = Path.GetFileName(path),
            SetHash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, cancellation))),
            Model = result.GetRequiredValue(_model),
            Endpoint = result.GetRequiredValue(_endpoint).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            Label = result.GetRequiredValue(_label),
            JudgeModel = result.GetValue(_judge) is null ? "" : result.GetRequiredValue(_judgeModel),
            Repeats = result.GetValue(_repeats),
            Results = results,
        };
    }

    private async Task<EvalRun?> BaselineAsync(ParseResult result, string set, CancellationToken cancellation)
    {
        if (result.GetValue(_baseline) is not { } wanted)
        {
            return null;
        }

        if (File.Exists(wanted))
        {
            try
            {
                return JsonSerializer.Deserialize<EvalRun>(await File.ReadAllBytesAsync(wanted, cancellation)) ?? throw new InvalidDataException($"{wanted} is no run; allowed: a file of --out");
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{wanted} is no run; allowed: a file of --out ({e.Message})", e);
            }
        }

        return await new EvalStore(_connection.Open(result)).FindAsync(wanted, set, cancellation);
    }

    private async Task StoreAsync(ParseResult result, EvalRun run, CancellationToken cancellation)
    {
        if (result.GetValue(_out) is { } file)
        {
            await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(run, Indented), cancellation);
            return;
        }

        await new EvalStore(_connection.Open(result)).WriteAsync(run, cancellation);
    }
}
