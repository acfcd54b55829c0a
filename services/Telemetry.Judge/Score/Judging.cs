using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.Judge.Tell;

namespace Telemetry.Judge.Score;

/// <summary>Takes one request to its end: reads, asks, writes the score once, notes the outcome, tells others.</summary>
internal sealed partial class Judging(ClickHouseClient client, JudgeClient judge, JudgeEndpointOptions endpoint, RequestQueue queue, OtlpSender sender, ILogger logger, TimeProvider time)
{
    // A request that fails while others succeed is at fault itself.
    private const int MostFailuresAmongSuccesses = 3;

    private readonly SubjectReader _subjects = new(client);
    private readonly ScoreStore _scores = new(client);
    private readonly Lock _lock = new();
    private readonly Dictionary<JudgeRequest, (int Failures, long Successes)> _failing = [];
    private long _successes;

    /// <summary>Forgets what failed.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _failing.Clear();
        }
    }

    /// <summary>Judges.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rubrics">Rubrics that hold now.</param>
    /// <param name="check">Throws when another instance has taken over.</param>
    /// <param name="cancellation">Gives up; the request stays pending.</param>
    /// <returns>Whether to go on with others: not while the budget is spent, or the endpoint takes none.</returns>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked, or does not take a row.</exception>
    /// <exception cref="ClaimLostException">Another instance has taken over.</exception>
    public async Task<bool> RunAsync(JudgeRequest request, IReadOnlyDictionary<string, Rubric> rubrics, Func<CancellationToken, Task> check, CancellationToken cancellation)
    {
        if (await _scores.HasAsync(request, cancellation))
        {
            await EndAsync(request, "judged", cancellation);
            return true;
        }

        if (!rubrics.TryGetValue(request.Rubric, out Rubric? rubric))
        {
            await EndAsync(request, "no_rubric", cancellation);
            return true;
        }

        (JudgeSubject? subject, double contextProbability, string reason) = await _subjects.ReadAsync(request.TraceId, request.SpanId, cancellation);
        if (subject is null)
        {
            await EndAsync(request, reason, cancellation);
            return true;
        }

        Judgement judgement = await judge.AskAsync(rubric, subject, cancellation);
        Count(judgement);
        if (judgement.Error is JudgeErrors.NoContext or JudgeErrors.NoReference)
        {
            await EndAsync(request, judgement.Error, cancellation);
            return true;
        }

        if (judgement.Exchanges.Count > 0)
        {
            sender.Send("v1/traces", OtlpEvents.Traces(request, judgement, endpoint));
        }

        if (judgement.IsRetryable && !IsAtFault(request, judgement))
        {
            return judgement.Error is JudgeErrors.Timeout or JudgeErrors.ServerError or JudgeErrors.Unreachable;
        }

        NoteEnd(request, judgement);
        if (rubric.NeedsContext)
        {
            // Messages of flagged calls are always kept, what was retrieved for them is not; both go by the trace, so the smaller probability is that of both.
            request = request with { Probability = Math.Min(request.Probability, request.ProbabilitySampled * contextProbability) };
        }

        await check(cancellation);
        DateTimeOffset now = time.GetUtcNow();
        await _scores.WriteAsync(request, judgement, now, cancellation);
        await EndAsync(request, judgement.Error.Length == 0 ? "judged" : "failed", cancellation);
        sender.Send("v1/logs", OtlpEvents.Logs(request, judgement, now));
        return true;
    }

    private async Task EndAsync(JudgeRequest request, string outcome, CancellationToken cancellation)
    {
        await queue.EndAsync(request, outcome, cancellation);
        JudgeMetrics.Outcomes.Add(1, new("rubric", request.Rubric), new KeyValuePair<string, object?>("outcome", outcome));
    }

    private void Count(Judgement judgement)
    {
        foreach (JudgeExchange exchange in judgement.Exchanges)
        {
            JudgeMetrics.Requests.Add(1, new KeyValuePair<string, object?>("error", exchange.Error));
            JudgeMetrics.RequestDuration.Record(exchange.Duration.TotalSeconds);
        }

        if (judgement.IsRepaired)
        {
            JudgeMetrics.Repaired.Add(1);
        }

        if (judgement.Error.Length > 0 && !judgement.IsRetryable && judgement.Exchanges.Count > 0)
        {
            JudgeMetrics.Failures.Add(1, new KeyValuePair<string, object?>("error", judgement.Error));
            LogFailed(judgement.Rubric, judgement.Error, judgement.Explanation);
        }
    }

    private bool IsAtFault(JudgeRequest request, Judgement judgement)
    {
        lock (_lock)
        {
            if (judgement.Error is not (JudgeErrors.Timeout or JudgeErrors.ServerError or JudgeErrors.Unreachable))
            {
                return false;
            }

            (int failures, long successes) = _failing.GetValueOrDefault(request);
            failures += failures == 0 || _successes > successes ? 1 : 0;
            _failing[request] = (failures, _successes);
            return failures >= MostFailuresAmongSuccesses && _failing.Remove(request);
        }
    }

    private void NoteEnd(JudgeRequest request, Judgement judgement)
    {
        lock (_lock)
        {
            _successes += judgement.IsRetryable ? 0 : 1;
            _failing.Remove(request);
        }
    }

    [LoggerMessage(LogLevel.Debug, "no score by {Rubric}: {Error}: {Detail}")]
    private partial void LogFailed(string rubric, string error, string detail);
}
