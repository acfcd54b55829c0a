using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Telemetry.Judge.Rubrics;

namespace Telemetry.Judge.Ask;

/// <summary>
/// Asks a judge model. Requests wait for their turn (concurrency, requests a minute, pauses that the endpoint asks for), are allowed by a budget one by one, are tried
/// again with growing, jittered waits, and are not sent while the endpoint fails throughout. Thread-safe. A failure is a value, never an exception.
/// </summary>
public sealed partial class JudgeClient : IDisposable
{
    // A longer wait is left to the caller, who has other things to do meanwhile.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private readonly JudgeEndpointOptions _options;
    private readonly JudgePrices _prices;
    private readonly IJudgeBudget _budget;
    private readonly ChatEndpoint _endpoint;
    private readonly SemaphoreSlim _slots;
    private readonly ResiliencePipeline<JudgeExchange> _pipeline;
    private readonly ILogger _logger;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="options">The endpoint, already checked.</param>
    /// <param name="prices">What it costs.</param>
    /// <param name="budget">Allows each request; <see cref="NoBudget"/> allows all.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="Hosting.Configuration.ConfigurationException">The API key cannot be read.</exception>
    public JudgeClient(JudgeEndpointOptions options, JudgePrices prices, IJudgeBudget budget, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _prices = prices;
        _budget = budget;
        _logger = loggers.CreateLogger<JudgeClient>();
        _slots = new SemaphoreSlim(options.Concurrency);
        Rate = new RequestRate(options.RequestsPerMinute, time);
        _endpoint = new ChatEndpoint(options, prices, time) { OnExhausted = Rate.Pause };
        _pipeline = CreatePipeline(options, time);
    }

    /// <summary>Why nothing is answered at present; null when all is well, or nothing was asked yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>End of the pause that the endpoint wants; in the past when it wants none.</summary>
    public DateTimeOffset PausedUntil => Rate.PausedUntil;

    /// <summary>The limit on requests.</summary>
    internal RequestRate Rate { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _endpoint.Dispose();
        _slots.Dispose();
    }

    /// <summary>Judges one answer. An answer that breaks the schema is asked for once more, with what was wrong; then the judgement has failed.</summary>
    /// <param name="rubric">A rubric that asks for a score.</param>
    /// <param name="subject">What is judged.</param>
    /// <param name="cancellation">Gives up; what is under way may be charged all the same.</param>
    /// <exception cref="ArgumentException">The rubric is a pairwise one.</exception>
    public async Task<Judgement> AskAsync(Rubric rubric, JudgeSubject subject, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rubric);
        ArgumentNullException.ThrowIfNull(subject);
        if (rubric.Kind != RubricKind.Score)
        {
            throw new ArgumentException($"{rubric.Name} is pairwise; compare with it", nameof(rubric));
        }

        var judgement = new Judgement { Rubric = rubric.Name, RubricVersion = rubric.Version, JudgeModel = _options.Model };
        string missing = rubric.NeedsContext && string.IsNullOrWhiteSpace(subject.Context) ? JudgeErrors.NoContext
            : rubric.NeedsReference && string.IsNullOrWhiteSpace(subject.Reference) ? JudgeErrors.NoReference : "";
        if (missing.Length > 0)
        {
            return judgement with { Error = missing };
        }

        var exchanges = new List<JudgeExchange>();
        (RubricLevel Level, string Explanation)? read = null;
        string error = await ConverseAsync(
            JudgePrompt.Score(rubric, subject, new DataFence(), _options.LongestText),
            text => (read = AnswerSchema.ReadScore(text, rubric, out string problem)) is null ? problem : null, exchanges, cancellation);
        judgement = judgement with { Exchanges = exchanges, Error = error };
        return read is { } answer
            ? judgement with { Score = answer.Level.Score, Value = rubric.Normalize(answer.Level.Score), Label = answer.Level.Label, Explanation = answer.Explanation, IsRepaired = exchanges.Count(e => e.Error.Length == 0) > 1 }
            : judgement with { Explanation = exchanges.LastOrDefault()?.Detail ?? "" };
    }

    /// <summary>Compares two answers, asking in both orders. Where the orders disagree, the judge went by the position and it is a tie.</summary>
    /// <param name="rubric">A pairwise rubric.</param>
    /// <param name="pair">What is compared.</param>
    /// <param name="cancellation">Gives up; what is under way may be charged all the same.</param>
    /// <exception cref="ArgumentException">The rubric asks for a score.</exception>
    public async Task<PairJudgement> CompareAsync(Rubric rubric, JudgePair pair, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rubric);
        ArgumentNullException.ThrowIfNull(pair);
        if (rubric.Kind != RubricKind.Pairwise)
        {
            throw new ArgumentException($"{rubric.Name} asks for a score", nameof(rubric));
        }

        var judgement = new PairJudgement { Rubric = rubric.Name, RubricVersion = rubric.Version, JudgeModel = _options.Model };
        var exchanges = new List<JudgeExchange>();
        (int Winner, string Explanation)[] read = new (int, string)[2];
        for (int order = 0; order < 2; order++)
        {
            (string first, string second) = order == 0 ? (pair.AnswerA, pair.AnswerB) : (pair.AnswerB, pair.AnswerA);
            string error = await ConverseAsync(
                JudgePrompt.Pair(rubric, pair.Request, first, second, pair.Context, new DataFence(), _options.LongestText),
                text =>
                {
                    (int Winner, string Explanation)? answer = AnswerSchema.ReadPair(text, out string problem);
                    read[order] = answer ?? default;
                    return answer is null ? problem : null;
                },
                exchanges, cancellation);
            if (error.Length > 0)
            {
                return judgement with { Exchanges = exchanges, Error = error, Explanation = exchanges.LastOrDefault()?.Detail ?? "" };
            }
        }

        // -1 is the first one shown, which is B in the second order.
        bool agree = read[0].Winner == -read[1].Winner;
        return judgement with
        {
            Exchanges = exchanges,
            Winner = !agree || read[0].Winner == 0 ? PairWinner.Tie : read[0].Winner < 0 ? PairWinner.A : PairWinner.B,
            IsPositionBiased = !agree && read[0].Winner != 0 && read[0].Winner == read[1].Winner,
            Explanation = read[0].Explanation,
        };
    }

    // Asks, and once more when the answer could not be read.
    private async Task<string> ConverseAsync(JudgePrompt prompt, Func<string, string?> read, List<JudgeExchange> exchanges, CancellationToken cancellation)
    {
        for (bool isRepair = false; ; isRepair = true)
        {
            (string error, string text) = await SendAsync(prompt, exchanges, cancellation);
            if (error.Length > 0)
            {
                return error;
            }

            if (read(text) is not { } problem)
            {
                return "";
            }

            if (isRepair)
            {
                exchanges[^1] = exchanges[^1] with { Detail = problem };
                return JudgeErrors.InvalidAnswer;
            }

            prompt = prompt.Again(problem);
        }
    }

    private async Task<(string Error, string Text)> SendAsync(JudgePrompt prompt, List<JudgeExchange> exchanges, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            JudgeExchange exchange = await _pipeline.ExecuteAsync(async token => await TryAsync(prompt, exchanges, token), cancellation);
            Note(exchange.Error, exchange.Detail);
            return (exchange.Error, exchange.Text);
        }
        catch (BrokenCircuitException)
        {
            Note(JudgeErrors.CircuitOpen, "");
            return (JudgeErrors.CircuitOpen, "");
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<JudgeExchange> TryAsync(JudgePrompt prompt, List<JudgeExchange> exchanges, CancellationToken cancellation)
    {
        await Rate.WaitAsync(cancellation);
        if (await _budget.ReserveAsync(_prices.Worst(prompt) ?? 0, cancellation) is not { } reservation)
        {
            return new JudgeExchange { StartedAt = default, Duration = default, Error = JudgeErrors.Budget };
        }

        // What is cancelled on its way stays reserved: it may have been charged.
        JudgeExchange exchange = await _endpoint.SendAsync(prompt, cancellation);
        exchanges.Add(exchange);
        if (exchange is { Error: JudgeErrors.RateLimited, RetryAfter: { } wait })
        {
            Rate.Pause(wait);
        }

        await _budget.SettleAsync(reservation, ChargedUsd(exchange), exchange);
        return exchange;
    }

    // Endpoints charge for answers, not for refusals; what broke off may have been answered.
    private static decimal? ChargedUsd(JudgeExchange exchange) => !exchange.IsSent || exchange.Status is >= 300 and < 600 ? 0 : exchange.CostUsd;

    private void Note(string error, string detail)
    {
        string? problem = JudgeErrors.IsRetryable(error) && error != JudgeErrors.Budget ? detail.Length > 0 ? $"{error}: {detail}" : error : null;
        if (problem is not null && Problem is null)
        {
            LogProblem(problem);
        }
        else if (problem is null && Problem is not null && error != JudgeErrors.Budget)
        {
            LogWell();
        }

        Problem = error == JudgeErrors.Budget ? Problem : problem;
    }

    private static ResiliencePipeline<JudgeExchange> CreatePipeline(JudgeEndpointOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<JudgeExchange> { TimeProvider = time };
        if (options.MaxTries > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<JudgeExchange>
            {
                MaxRetryAttempts = options.MaxTries - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = s_longestWait,
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Result is { Error: JudgeErrors.RateLimited or JudgeErrors.ServerError or JudgeErrors.Timeout or JudgeErrors.Unreachable } r && !(r.RetryAfter > s_longestWait)),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
            });
        }

        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<JudgeExchange>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 8,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(30),
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Error: JudgeErrors.ServerError or JudgeErrors.Timeout or JudgeErrors.Unreachable or JudgeErrors.Misconfigured }),
        }).Build();
    }

    [LoggerMessage(LogLevel.Warning, "the judge does not answer: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(LogLevel.Information, "the judge answers again")]
    private partial void LogWell();
}
