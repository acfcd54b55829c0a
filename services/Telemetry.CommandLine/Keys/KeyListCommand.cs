using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Keys;

namespace Telemetry.CommandLine.Keys;

/// <summary><c>telemetry keys list</c>.</summary>
internal static class KeyListCommand
{
    public static Command Create(TimeProvider time)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only of this tenant" };
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("list", "Lists keys and limits. When each was last used is in the Collectors' metric telemetry.collector.keys.last_used.") { tenant, file, json };
        command.SetAction(result =>
        {
            KeySet set = KeyFile.Read(result.GetRequiredValue(file));
            string? only = result.GetValue(tenant);
            DateTimeOffset now = time.GetUtcNow();
            KeyRow[] rows = [.. set.Keys.Where(k => only is null || k.Tenant == only).Select(k => KeyRow.Of(k, now))];
            var limits = set.Limits.Where(l => only is null || l.Key == only).ToDictionary();
            CommandOutput.Print(result, result.GetValue(json), new { Keys = rows, Limits = limits }, console => Print(console, rows, limits));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, KeyRow[] rows, Dictionary<string, TenantLimits> limits)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("id", "tenant", "name", "state", "scopes", "created", "expires", "replaced by");
        foreach (KeyRow row in rows)
        {
            table.AddRow(
                new Text(row.Id), new Text(row.Tenant), new Text(row.Name), new Text(row.State), new Text(string.Join(", ", row.Scopes)), new Text(Moment(row.CreatedAt)), new Text(Moment(row.ExpiresAt)),
                new Text(row.ReplacedBy ?? ""));
        }

        console.Write(table);
        foreach ((string tenant, TenantLimits limit) in limits)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"limits of {tenant}: {limit.SpansPerSecond} spans/s, {ByteText.Of(limit.BytesPerSecond)}/s, {limit.MaxConcurrentRequests} requests at once (0 is no limit)"));
        }
    }

    private static string Moment(DateTimeOffset? at) => at?.ToString("u", CultureInfo.InvariantCulture) ?? "";
}
