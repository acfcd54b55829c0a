using System.Diagnostics;
using System.Globalization;
using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Payload.Dialects;
using Telemetry.LoadGenerator.Run;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Verify;

/// <summary>Waits until ClickHouse shows what was acknowledged, and counts what is missing or there more than once.</summary>
internal sealed class Verification(ClickHouseReader reader, PayloadFactory factory, RequestLedger ledger, DateTimeOffset since, TimeProvider time)
{
    private const long NanosecondsPerTick = 100;

    // Requests that are looked at by one query, so that neither side needs memory for a whole long run.
    private const long Slice = 50_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly string _services = ServiceNames.Prefix(factory.Ids.Name);
    private readonly string _sessions = CallFacts.SessionPrefix(factory.Ids.Name);

    private long Since => (since - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    /// <summary>Waits until the rollup holds at least every acknowledged call; false when it does not in time.</summary>
    public async Task<bool> WaitAsync(TimeSpan bound, CancellationToken cancellation)
    {
        long expected = ledger.Acknowledged * factory.Calls;
        long started = Stopwatch.GetTimestamp();
        while (await RollupAsync(cancellation) < expected)
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
            {
                return false;
            }

            await Task.Delay(Poll, time, cancellation);
        }

        return true;
    }

    /// <summary>Compares call by call. Waits on while calls are missing, because requests without an answer may have filled their places.</summary>
    /// <param name="requests">How many requests there were.</param>
    /// <param name="bound">Longest wait.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<VerificationResult> CompareAsync(long requests, TimeSpan bound, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            VerificationResult result = await CountAsync(requests, cancellation);
            if ((result.Missing == 0 && result.RollupDifference == 0) || Stopwatch.GetElapsedTime(started) > bound)
            {
                return result;
            }

            await Task.Delay(Poll, time, cancellation);
        }
    }

    private async Task<long> RollupAsync(CancellationToken cancellation) =>
        await reader.NumberAsync("total", [("services", _services), ("since", Since)], cancellation);

    private async Task<VerificationResult> CountAsync(long requests, CancellationToken cancellation)
    {
        long present = 0;
        long again = 0;
        for (long from = 0; from < requests; from += Slice)
        {
            IAsyncEnumerable<long[]> rows = reader.RowsAsync(
                "by_request", [("services", _services), ("prefix", _sessions.Length), ("from", Session(from)), ("to", Session(from + Slice))], cancellation);
            await foreach (long[] row in rows)
            {
                bool isAcknowledged = ledger[row[0]] == SendOutcome.Acknowledged;
                present += isAcknowledged ? Math.Min(row[1], factory.Calls) : 0;

                // More spans than there were calls: something is billed that is no call.
                again += row[2] + Math.Max(0, row[1] - factory.Calls);
            }
        }

        long expected = ledger.Acknowledged * factory.Calls;
        long calls = await reader.NumberAsync("calls_total", [("services", _services)], cancellation);
        return new VerificationResult(expected, expected - present, again, await RollupAsync(cancellation) - calls);
    }

    private string Session(long request) => string.Create(CultureInfo.InvariantCulture, $"{_sessions}{request:D10}");
}

/// <summary>What was found.</summary>
/// <param name="Expected">Calls that were acknowledged.</param>
/// <param name="Missing">Of these, how many are not in <c>llm_calls</c>.</param>
/// <param name="Double">Calls that are billed again, and other spans that are billed.</param>
/// <param name="RollupDifference">Calls in <c>llm_rollup_1m</c> less those in <c>llm_calls</c>.</param>
internal sealed record VerificationResult(long Expected, long Missing, long Double, long RollupDifference)
{
    /// <summary>Whether everything is there, once.</summary>
    public bool IsRight => Missing == 0 && Double == 0 && RollupDifference == 0;
}
