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

    // No trace that is sent takes longer.
    private static readonly TimeSpan LongestTrace = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly string _services = ServiceNames.Prefix(factory.Ids.Name);

    // A call is rolled up in the minute of its start, which is a trace's length before it is sent.
    private long Since => (since - LongestTrace - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    /// <summary>Waits until the rollup holds at least every acknowledged call; false when it does not in time.</summary>
    public async Task<bool> WaitAsync(TimeSpan bound, CancellationToken cancellation)
    {
        long expected = ledger.Acknowledged * factory.Calls;
        long started = Stopwatch.GetTimestamp();
        while (await VisibleAsync(cancellation) < expected)
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
            if ((result.Missing == 0 && result.Wrong == 0) || Stopwatch.GetElapsedTime(started) > bound)
            {
                return result;
            }

            await Task.Delay(Poll, time, cancellation);
        }
    }

    /// <summary>Calls of the run in <c>llm_rollup_1m</c>.</summary>
    public async Task<long> VisibleAsync(CancellationToken cancellation) =>
        await reader.NumberAsync("total", [("services", _services), ("since", Since)], cancellation);

    private async Task<VerificationResult> CountAsync(long requests, CancellationToken cancellation)
    {
        long present = 0;
        long again = 0;
        for (long from = 0; from < requests; from += Slice)
        {
            IAsyncEnumerable<long[]> rows = reader.RowsAsync(
                "by_request", [("services", _services), ("prefix", CallFacts.SessionPrefix.Length), ("from", Session(from)), ("to", Session(from + Slice))], cancellation);
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
        return new VerificationResult(
            "calls in llm_calls", expected, expected - present, again, "by which llm_rollup_1m differs", Math.Abs(await VisibleAsync(cancellation) - calls));
    }

    private static string Session(long request) => string.Create(CultureInfo.InvariantCulture, $"{CallFacts.SessionPrefix}{request:D10}");
}

/// <summary>What was found.</summary>
/// <param name="What">What was counted, and where.</param>
/// <param name="Expected">How many were acknowledged.</param>
/// <param name="Missing">Of these, how many are not there.</param>
/// <param name="Double">How many are there more than once or should not be there at all.</param>
/// <param name="Otherwise">What else could be wrong.</param>
/// <param name="Wrong">How many are.</param>
internal sealed record VerificationResult(string What, long Expected, long Missing, long Double, string Otherwise, long Wrong)
{
    /// <summary>Whether everything is there, once.</summary>
    public bool IsRight => Missing == 0 && Double == 0 && Wrong == 0;
}
