using System.CommandLine;
using Spectre.Console;
using Telemetry.Keys;

namespace Telemetry.CommandLine.Keys;

/// <summary><c>telemetry keys create</c>, <c>rotate</c> and <c>revoke</c>.</summary>
internal static class KeyChangeCommands
{
    public static Command New(TimeProvider time)
    {
        var tenant = new Option<string>("--tenant") { Description = "Whose spans it brings", DefaultValueFactory = _ => TenantName.Default };
        var name = new Option<string>("--name") { Description = "What people call it", DefaultValueFactory = _ => "" };
        var scope = new Option<string[]>("--scope") { Description = "What it may do: ingest, feedback; both by default. A key in a web page has feedback alone", AllowMultipleArgumentsPerToken = true };
        scope.AcceptOnlyFromAmong("ingest", "feedback");
        var expires = new Option<string?>("--expires-in") { Description = "How long it is taken, such as 90d; for ever by default" };
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("create", "Makes a key and shows it, once.") { tenant, name, scope, expires, file, json };
        command.SetAction(result =>
        {
            DateTimeOffset now = time.GetUtcNow();
            TimeSpan? life = Duration(result.GetValue(expires), "--expires-in");
            KeyScopes scopes = (result.GetValue(scope) ?? []).Aggregate(KeyScopes.None, (all, s) => all | (s == "feedback" ? KeyScopes.Feedback : KeyScopes.Ingest));
            KeyRow row = KeyFile.Change(result.GetRequiredValue(file), set =>
            {
                (KeySet changed, IngestKey key, string secret) = set.Create(
                    result.GetRequiredValue(tenant), result.GetRequiredValue(name), scopes == KeyScopes.None ? KeyScopes.All : scopes, now, life is { } l ? now + l : null);
                return (changed, KeyRow.Of(key, now, secret));
            });
            Print(result, result.GetValue(json), row);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Rotate(TimeProvider time)
    {
        var id = new Argument<string>("id") { Description = "Id as list prints it" };
        var grace = new Option<string>("--grace") { Description = "How long the old key is taken beside the new one", DefaultValueFactory = _ => "1d" };
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("rotate", "Makes a key in the place of another, which is taken for a while longer.") { id, grace, file, json };
        command.SetAction(result =>
        {
            DateTimeOffset now = time.GetUtcNow();
            TimeSpan wait = Duration(result.GetRequiredValue(grace), "--grace") ?? default;
            KeyRow row = KeyFile.Change(result.GetRequiredValue(file), set =>
            {
                (KeySet changed, IngestKey key, string secret) = set.Rotate(result.GetRequiredValue(id), now, wait);
                return (changed, KeyRow.Of(key, now, secret));
            });
            Print(result, result.GetValue(json), row);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Revoke(TimeProvider time)
    {
        var id = new Argument<string>("id") { Description = "Id as list prints it" };
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("revoke", "Ends a key. Collectors refuse it within seconds.") { id, file, json };
        command.SetAction(result =>
        {
            DateTimeOffset now = time.GetUtcNow();
            KeyRow row = KeyFile.Change(result.GetRequiredValue(file), set =>
            {
                KeySet changed = set.Revoke(result.GetRequiredValue(id), now);
                return (changed, KeyRow.Of(changed.Find(result.GetRequiredValue(id)), now));
            });
            CommandOutput.Print(result, result.GetValue(json), row, console => console.WriteLine($"key {row.Id} of {row.Tenant} is revoked"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ParseResult result, bool json, KeyRow row) => CommandOutput.Print(result, json, row, console =>
    {
        console.WriteLine($"key {row.Id} of tenant {row.Tenant}, for {string.Join(" and ", row.Scopes)}{(row.ExpiresAt is { } end ? $", until {end:u}" : "")}; shown only now:");
        console.WriteLine(row.Key!);
    });

    internal static TimeSpan? Duration(string? text, string option) => text is null ? null
        : DurationText.Parse(text) is { } d && d >= TimeSpan.Zero ? d
        : throw new KeyFileException($"{option} \"{text}\": allowed: a time such as 30m, 12h or 90d");
}
