using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Costs;

/// <summary><c>telemetry cost</c>: who and what spends, and where the day and the month will end.</summary>
internal static class CostCommand
{
    private const int MostGroups = 3;
    private const int MostRows = 1000;

    public static Command Create(TimeProvider time)
    {
        var by = new Option<string>("--by") { Description = $"What to group by, up to {MostGroups} with commas: {string.Join(", ", Dimension.All.Select(d => d.Name))}", DefaultValueFactory = _ => "service" };
        by.CompletionSources.Add([.. Dimension.All.Select(d => d.Name)]);
        var limit = new Option<int>("--limit") { Description = $"Most groups, 1 to {MostRows}", DefaultValueFactory = _ => 20 };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var range = new RangeOptions("today");
        var filters = new FilterOptions();
        var connection = new QueryConnection();
        var command = new Command("cost", "Tells who and what spends most, and where the day and the month will end.") { by, limit, json };
        range.AddTo(command);
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            TimeRange wanted = range.Read(result, time.GetUtcNow());
            Selection selection = filters.Read(result);
            int most = result.GetRequiredValue(limit) is >= 1 and <= MostRows and int count
                ? count
                : throw new InvalidQueryException("--limit", result.GetRequiredValue(limit).ToString(CultureInfo.InvariantCulture), $"1 to {MostRows}");
            IReadOnlyList<Dimension> groups = Groups(result.GetRequiredValue(by));
            List<Statement> statements =
            [
                BreakdownQuestion.Ask("costs", wanted, groups, BreakdownQuestion.OfCosts, "cost_usd", most, selection),
                BreakdownQuestion.Ask("total", wanted, [], BreakdownQuestion.OfCosts, "cost_usd", 1, selection),
            ];
            // What will be spent is known of what rollups hold.
            if (selection.FitsRollups)
            {
                statements.Add(SpendQuestion.Ask(wanted, selection));
            }

            IReadOnlyDictionary<string, Result> answers = await connection.AskAllAsync(result, statements, cancellation);
            object forMachines = new
            {
                wanted.From,
                wanted.To,
                Tz = wanted.ZoneName,
                Costs = RowTable.Objects(answers["costs"]),
                Total = RowTable.First(answers["total"]),
                Spend = answers.TryGetValue("spend", out Result? spend) ? RowTable.First(spend) : null,
            };
            CommandOutput.Print(result, result.GetValue(json), forMachines, console => Print(console, wanted, groups, answers));
            return ExitCodes.Done;
        });
        return command;
    }

    private static IReadOnlyList<Dimension> Groups(string text)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length is >= 1 and <= MostGroups ? [.. names.Distinct(StringComparer.Ordinal).Select(n => Dimension.Get("--by", n))] : throw new InvalidQueryException("--by", text, $"1 to {MostGroups} dimensions, with commas");
    }

    private static void Print(IAnsiConsole console, TimeRange range, IReadOnlyList<Dimension> groups, IReadOnlyDictionary<string, Result> answers)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{range.From:yyyy-MM-dd HH:mm}Z to {range.To:yyyy-MM-dd HH:mm}Z"));
        if (answers["total"].Answer.Rows is not [{ } total, ..])
        {
            console.WriteLine("no calls");
            return;
        }

        console.Write(RowTable.Table(
            answers["costs"],
            [.. groups.Select(g => (g.Name, g.Name)), ("cost_usd", "cost"), ("calls", "calls"), ("input_tokens", "in"), ("cached_tokens", "cached"), ("output_tokens", "out"), ("cost_per_call_usd", "a call"), ("cost_per_1k_tokens_usd", "1K tokens"), ("unpriced_calls", "unpriced")]));
        console.WriteLine($"total {(total.IsNull("cost_usd") ? "unknown" : RowTable.Money(total.GetDecimal("cost_usd")))} for {total.GetInt64("calls").ToString("#,0", CultureInfo.InvariantCulture)} calls{Unpriced(total)}");
        if (answers.TryGetValue("spend", out Result? spend))
        {
            console.WriteLine(Forecast(spend.Answer.Rows[0]));
        }
    }

    private static string Unpriced(ClickHouseRow total) =>
        total.GetInt64("unpriced_calls") is > 0 and long count ? string.Create(CultureInfo.InvariantCulture, $"; {count:#,0} of them have no price and are not in it (telemetry prices show tells why)") : "";

    private static string Forecast(ClickHouseRow row)
    {
        string today = $"today {RowTable.Money(row.GetDecimal("today_usd"))}, yesterday by this time {RowTable.Money(row.GetDecimal("yesterday_until_now_usd"))}";
        return row.IsNull("today_forecast_usd")
            ? $"{today}; no forecast without a day of history"
            : $"{today}, by midnight about {RowTable.Money(row.GetDecimal("today_forecast_usd"))}; month {RowTable.Money(row.GetDecimal("month_usd"))}, at its end about {RowTable.Money(row.GetDecimal("month_forecast_usd"))}";
    }
}
