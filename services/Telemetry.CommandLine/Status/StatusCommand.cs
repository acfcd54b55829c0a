using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Status;

/// <summary><c>telemetry status</c>: whether everything is well, for people, scripts and probes.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Create(TimeProvider time)
    {
        var health = new Option<string[]>("--health") { Description = "Health ports of services, several times for several", DefaultValueFactory = _ => ["http://127.0.0.1:8080"] };
        var lag = new Option<string>("--max-lag") { Description = "How far the pipeline may be behind and be well, such as 30s or 5m", DefaultValueFactory = _ => "1m" };
        var zone = new Option<string>("--tz") { Description = "IANA time zone of today", DefaultValueFactory = _ => "UTC" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new QueryConnection();
        var command = new Command("status", "Tells whether everything is well: services, lag, last calls, incidents, dead letters, spending. Exit code 3 when something is not.") { health, lag, zone, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            TimeSpan maxLag = TimeText.Span(result.GetRequiredValue(lag)) ?? throw new InvalidQueryException("--max-lag", result.GetRequiredValue(lag), "a time such as 30s, 5m or 1h");
            DateTimeOffset now = time.GetUtcNow();
            var range = TimeRange.Parse("now-24h", "now", result.GetRequiredValue(zone), now);
            List<StatusCheck> checks = [.. await ServicesAsync(result.GetRequiredValue(health).Select(Address), cancellation)];
            checks.AddRange(await FiguresAsync(connection, result, range, now, maxLag, cancellation));
            bool well = checks.TrueForAll(c => c.Well != false);
            CommandOutput.Print(result, result.GetValue(json), new { Well = well, Checks = checks }, console => Print(console, checks, well));
            return well ? ExitCodes.Done : ExitCodes.NotWell;
        });
        return command;
    }

    private static async Task<IReadOnlyList<StatusCheck>> FiguresAsync(
        QueryConnection connection, ParseResult command, TimeRange range, DateTimeOffset now, TimeSpan maxLag, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyDictionary<string, Result> results = await connection.AskAllAsync(command, StatusReport.Statements(range), cancellation);
            return [new("clickhouse", true, "answers"), .. StatusReport.Judge(results, now, maxLag)];
        }
        catch (ClickHouseException e)
        {
            return [new("clickhouse", false, e.Message)];
        }
    }

    private static async Task<IReadOnlyList<StatusCheck>> ServicesAsync(IEnumerable<Uri> addresses, CancellationToken cancellation)
    {
        using HttpClient http = ClickHouseClient.CreateHttpClient();
        http.Timeout = s_patience;
        var checks = new List<StatusCheck>();
        foreach (Uri address in addresses)
        {
            string name = $"service {address.Authority}";
            try
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri(address, "/readyz"), cancellation);
                using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
                string[] wrong = [.. answer.RootElement.GetProperty("checks").EnumerateObject().Where(c => c.Value.GetString() != "ok").Select(c => $"{c.Name}: {c.Value}")];
                checks.Add(new(name, response.IsSuccessStatusCode, response.IsSuccessStatusCode ? "ready" : string.Join("; ", wrong)));
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                checks.Add(new(name, false, $"does not answer at /readyz: {e.Message}"));
            }
        }

        return checks;
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
        ? address
        : throw new InvalidQueryException("--health", text, "http://host:port or https://host:port");

    private static void Print(IAnsiConsole console, IReadOnlyList<StatusCheck> checks, bool well)
    {
        int width = checks.Max(c => c.Name.Length);
        foreach (StatusCheck check in checks)
        {
            (string mark, Color colour) = check.Well switch { true => ("ok  ", Color.Green), false => ("FAIL", Color.Red), null => ("    ", Color.Default) };
            console.Write(new Text($"{mark} ", new Style(colour)));
            console.WriteLine($"{check.Name.PadRight(width)}  {RowTable.Safe(check.Text, 400)}");
        }

        console.WriteLine(well ? "everything is well" : "something is not well");
    }
}
