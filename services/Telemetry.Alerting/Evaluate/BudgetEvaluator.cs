using System.Globalization;
using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>What was spent of budgets, and when they end at the rate of late.</summary>
internal sealed class BudgetEvaluator(ClickHouseClient client)
{
    private static readonly TimeSpan RateOfDays = TimeSpan.FromHours(3);
    private static readonly TimeSpan RateOfMonths = TimeSpan.FromDays(7);

    public async Task<Evaluation> EvaluateAsync(Rule rule, BudgetCondition budget, Moment moment, CancellationToken cancellation)
    {
        BudgetPeriod period = BudgetPeriod.Of(moment.Now, budget.Monthly, budget.TimeZone);
        Dictionary<Labels, decimal> spent = await SpentAsync(rule, budget, period.Start, moment.Now, cancellation);
        TimeSpan window = budget.Monthly ? RateOfMonths : RateOfDays;
        Dictionary<Labels, decimal> late = budget.Forecast ? await SpentAsync(rule, budget, moment.Now - window, moment.Now, cancellation) : [];
        var samples = new List<Sample>();
        foreach ((Labels labels, decimal usd) in spent.OrderByDescending(s => s.Value).Take(rule.MaxGroups))
        {
            samples.Add(Spent(budget, labels, usd, period, moment));
            if (budget.Forecast)
            {
                samples.Add(Forecast(budget, labels, usd, late.GetValueOrDefault(labels) / (decimal)window.TotalHours, period, moment));
            }
        }

        return new Evaluation(samples, Verdict.Clear);
    }

    private static Sample Spent(BudgetCondition budget, Labels labels, decimal usd, BudgetPeriod period, Moment moment)
    {
        bool breached = usd >= budget.Amount * (decimal)budget.At;
        string text = string.Create(CultureInfo.InvariantCulture, $"${usd:0.00##} of {Name(budget)} is spent ({usd / budget.Amount:0.#%})");
        return new Sample(labels.With("budget", "spent"), breached ? Verdict.Breached : Verdict.Clear, (double)usd, text) { From = period.Start, To = moment.Now };
    }

    private static Sample Forecast(BudgetCondition budget, Labels labels, decimal usd, decimal perHour, BudgetPeriod period, Moment moment)
    {
        // What is spent already is the other sample's business.
        decimal left = budget.Amount - usd;
        double hours = perHour > 0 && left > 0 ? (double)(left / perHour) : double.PositiveInfinity;
        bool breached = left > 0 && hours < (period.End - moment.Now).TotalHours;
        string text = breached ? EndsAt(budget, moment.Now.AddHours(hours), usd, perHour) : string.Create(CultureInfo.InvariantCulture, $"at ${perHour:0.00##} an hour {Name(budget)} lasts");
        return new Sample(labels.With("budget", "forecast"), breached ? Verdict.Breached : Verdict.Clear, (double)perHour, text)
        {
            Severity = Severities.Warning,
            From = period.Start,
            To = moment.Now,
        };
    }

    private static string EndsAt(BudgetCondition budget, DateTimeOffset end, decimal usd, decimal perHour)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(end, budget.TimeZone);
        string when = budget.Monthly ? $"on the {Ordinal(local.Day)}" : local.ToString("'at' HH:mm", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"at this rate (${perHour:0.00##} an hour) {Name(budget)} ends {when} ({budget.TimeZone.Id}); ${usd:0.00##} is spent");
    }

    private static string Name(BudgetCondition budget) => string.Create(CultureInfo.InvariantCulture, $"the budget of ${budget.Amount:0.##} per {(budget.Monthly ? "month" : "day")}");

    private static string Ordinal(int day) => day.ToString(CultureInfo.InvariantCulture) + (day is 11 or 12 or 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    private async Task<Dictionary<Labels, decimal>> SpentAsync(Rule rule, BudgetCondition budget, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var selection = new Selection(rule.GroupBy, rule.Filters);
        if (!selection.FitsRollups)
        {
            return await SumAsync(selection, "llm_calls", from, to, cancellation);
        }

        if (!budget.Monthly)
        {
            return await SumAsync(selection, "llm_rollup_1m", from, to, cancellation);
        }

        // Where a zone is off by half an hour, its month begins within an hour of the rollup.
        DateTimeOffset hour = Moment.Floor(from.AddHours(1).AddTicks(-1), TimeSpan.FromHours(1));
        Dictionary<Labels, decimal> sums = await SumAsync(selection, "llm_rollup_1h", hour, to, cancellation);
        foreach ((Labels labels, decimal usd) in hour > from ? await SumAsync(selection, "llm_rollup_1m", from, hour, cancellation) : [])
        {
            sums[labels] = sums.GetValueOrDefault(labels) + usd;
        }

        return sums;
    }

    private async Task<Dictionary<Labels, decimal>> SumAsync(Selection selection, string table, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        bool rollup = table != "llm_calls";
        selection.Parameters["from"] = (uint)from.ToUnixTimeSeconds();
        selection.Parameters["to"] = (uint)to.ToUnixTimeSeconds();
        string sum = rollup ? "sum(source.cost_usd)" : "sum(toDecimal128(ifNull(source.cost_usd, 0), 12) * source.sign)";
        string arrival = rollup ? "" : " AND source.ingested_at >= toDateTime({from:UInt32}) - INTERVAL 1 DAY";
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT {{selection.Columns}}{{sum}} AS usd FROM {{table}} AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}){{arrival}}{{selection.Where}}
            {{selection.GroupBy}}
            """,
            selection.Parameters,
            cancellation);
        return result.Rows.ToDictionary(selection.LabelsOf, r => r.GetDecimal("usd"));
    }
}
