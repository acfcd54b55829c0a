using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge.Spend;

/// <summary>How many judgements a window may lead to, so that money and requests last: of the money what is left, spread over the rest of the day; of the requests what the queue leaves.</summary>
internal sealed class Allowance(ClickHouseClient client, JudgeOptions options, JudgePrices prices, BudgetLedger ledger, TimeProvider time)
{
    // Until there are some to tell from: a middling conversation and a short explanation.
    private const int FewestToTell = 20;
    private const int UsualInputTokens = 1500;
    private const int UsualOutputTokens = 150;

    // So many minutes' worth of requests may wait, so that bursts are not cut.
    private const double QueueMinutes = 5;

    private const string Sql =
        """
        SELECT toFloat64(sum(b.spent_usd)) AS usd, (SELECT count() FROM llm_judge_outcomes WHERE outcome IN ('judged', 'failed') AND toDate(at) >= {day:Date} - 1) AS judged
        FROM llm_judge_budget AS b WHERE day >= {day:Date} - 1
        """;

    /// <summary>Expected judgements that the next window may lead to.</summary>
    /// <param name="pending">How many wait already.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<double> OfNextWindowAsync(long pending, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        ClickHouseRow row = (await client.QueryAsync(Sql, new Dictionary<string, object?> { ["day"] = DateOnly.FromDateTime(now.UtcDateTime) }, cancellation)).Rows[0];
        double each = row.GetInt64("judged") >= FewestToTell
            ? row.GetDouble("usd") / row.GetInt64("judged")
            : (double)(prices.Cost(UsualInputTokens, 0, UsualOutputTokens, "") ?? 0);
        return Of((double)ledger.LeftUsd, each, pending, options.Endpoint.RequestsPerMinute, options.Burst, now);
    }

    /// <summary>The same from its figures.</summary>
    internal static double Of(double leftUsd, double eachUsd, long pending, int requestsPerMinute, double burst, DateTimeOffset now)
    {
        double requests = Math.Max(0, requestsPerMinute * (1 + QueueMinutes) - pending);
        if (eachUsd <= 0)
        {
            return requests;
        }

        TimeSpan restOfDay = TimeSpan.FromDays(1) - now.UtcDateTime.TimeOfDay;
        double money = Math.Max(0, leftUsd - (pending * eachUsd)) * Math.Min(1, burst * TimeSpan.FromMinutes(1) / restOfDay);
        return Math.Min(requests, money / eachUsd);
    }
}
