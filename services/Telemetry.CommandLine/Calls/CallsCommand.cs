using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Calls;

/// <summary><c>telemetry calls</c>: searches calls, and follows them as they come.</summary>
internal static class CallsCommand
{
    private const int MostRows = 10_000;
    private const int MostSeen = 100_000;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lookBack = TimeSpan.FromMinutes(10);

    public static Command Create(TimeProvider time)
    {
        var sort = new Option<string>("--sort") { Description = $"What to sort by, the greatest first: {string.Join(", ", CallsQuestion.Sorts.Select(s => s.Name))}", DefaultValueFactory = _ => "time" };
        sort.CompletionSources.Add([.. CallsQuestion.Sorts.Select(s => s.Name)]);
        var ascending = new Option<bool>("--asc") { Description = "The smallest first" };
        var limit = new Option<int>("--limit") { Description = $"Most calls, 1 to {MostRows}", DefaultValueFactory = _ => 50 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with calls as they come, until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "Print for machines; with --follow one object a line" };
        var range = new RangeOptions("now-1h");
        var filters = new FilterOptions();
        var connection = new QueryConnection();
        var command = new Command("calls", "Searches calls, the newest first.") { sort, ascending, limit, follow, json };
        range.AddTo(command);
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            int most = result.GetRequiredValue(limit) is >= 1 and <= MostRows and int count
                ? count
                : throw new InvalidQueryException("--limit", result.GetRequiredValue(limit).ToString(CultureInfo.InvariantCulture), $"1 to {MostRows}");
            Selection selection = filters.Read(result);
            if (result.GetValue(follow))
            {
                return await FollowAsync(result, connection, selection, result.GetValue(json), time, cancellation);
            }

            var page = new PageRequest(Sort.Get(CallsQuestion.Sorts, result.GetRequiredValue(sort)), !result.GetValue(ascending), most, null, "");
            Result calls = await connection.AskAsync(result, CallsQuestion.Ask(range.Read(result, time.GetUtcNow()), selection, page), cancellation);
            CommandOutput.Print(result, result.GetValue(json), new { Calls = RowTable.Objects(calls), calls.HasMore }, console => Print(console, calls));
            return ExitCodes.Done;
        });
        return command;
    }

    // Calls are told of when they end, some late: each round looks back some minutes and prints what it has not printed yet.
    private static async Task<int> FollowAsync(ParseResult command, QueryConnection connection, Selection selection, bool json, TimeProvider time, CancellationToken cancellation)
    {
        var seen = new HashSet<(string, string)>();
        var page = new PageRequest(Sort.Get(CallsQuestion.Sorts, "time"), Descending: false, MostRows, null, "");
        DateTimeOffset begun = time.GetUtcNow() - TimeSpan.FromSeconds(10);
        try
        {
            while (true)
            {
                DateTimeOffset now = time.GetUtcNow();
                DateTimeOffset from = begun > now - s_lookBack ? begun : now - s_lookBack;
                Result calls = await connection.AskAsync(command, CallsQuestion.Ask(new TimeRange(from, now.AddMinutes(1), TimeZoneInfo.Utc, now), selection, page), cancellation);
                foreach (ClickHouseRow row in calls.Rows.Where(r => seen.Add((r.GetString("trace_id"), r.GetString("span_id")))))
                {
                    await command.InvocationConfiguration.Output.WriteLineAsync(json ? CommandOutput.Serialize(RowTable.Object(calls, row)) : Line(row));
                }

                if (seen.Count > MostSeen)
                {
                    seen = [.. calls.Rows.Select(r => (r.GetString("trace_id"), r.GetString("span_id")))];
                }

                await command.InvocationConfiguration.Output.FlushAsync(cancellation);
                await Task.Delay(s_every, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    private static void Print(IAnsiConsole console, Result calls)
    {
        if (!calls.Rows.Any())
        {
            console.WriteLine("no calls; look further back with --from now-24h, or with fewer filters");
            return;
        }

        console.Write(RowTable.Table(
            calls, ("ts", "time"), ("service", "service"), ("model_requested", "model"), ("status", "status"), ("error_type", "error"), ("duration_ms", "took"), ("ttft_ms", "ttft"),
            ("input_tokens", "in"), ("output_tokens", "out"), ("cost_usd", "cost"), ("flags", "flags"), ("trace_id", "trace")));
        if (calls.HasMore)
        {
            console.WriteLine("there are more: --limit, --from, or more filters");
        }
    }

    private static string Line(ClickHouseRow row)
    {
        string cost = row.IsNull("cost_usd") ? $"no price ({row.GetString("cost_reason")})" : RowTable.Money(row.GetDecimal("cost_usd"));
        string took = row.IsNull("duration_ms") ? "-" : RowTable.Duration(row.GetDouble("duration_ms"));
        string tokens = $"{(row.IsNull("input_tokens") ? "?" : row.GetString("input_tokens"))}>{(row.IsNull("output_tokens") ? "?" : row.GetString("output_tokens"))}";
        string outcome = row.GetString("status") == "ok" ? "ok" : $"ERROR {RowTable.Safe(row.GetString("error_type"))}";
        return $"{row.GetDateTime("ts"):HH:mm:ss}  {RowTable.Safe(row.GetString("service")),-24}  {RowTable.Safe(row.GetString("model_requested")),-28}  {took,8}  {tokens,12}  {cost,12}  {outcome}  {row.GetString("trace_id")}";
    }
}
