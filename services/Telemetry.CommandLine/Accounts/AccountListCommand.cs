using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Access.Accounts;
using Telemetry.CommandLine.Keys;

namespace Telemetry.CommandLine.Accounts;

/// <summary><c>telemetry accounts list</c>.</summary>
internal static class AccountListCommand
{
    public static Command Create(TimeProvider time)
    {
        Option<string> file = AccountsCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("list", "Lists accounts and tokens.") { file, json };
        command.SetAction(result =>
        {
            AccountSet set = AccountFile.Read(result.GetRequiredValue(file));
            DateTimeOffset now = time.GetUtcNow();
            AccountRow[] accounts = [.. set.Accounts.Select(AccountRow.Of)];
            TokenRow[] tokens = [.. set.Tokens.Select(t => TokenRow.Of(t, now))];
            CommandOutput.Print(result, result.GetValue(json), new { Accounts = accounts, Tokens = tokens }, console => Print(console, accounts, tokens));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, AccountRow[] accounts, TokenRow[] tokens)
    {
        Table people = new Table().Border(TableBorder.Simple).AddColumns("account", "state", "role", "tenants", "content", "created");
        foreach (AccountRow row in accounts)
        {
            people.AddRow(new Text(row.Name), new Text(row.State), new Text(row.Role), new Text(All(row.Tenants)), new Text(row.Content ? "yes" : "no"), new Text(row.CreatedAt.ToString("u", CultureInfo.InvariantCulture)));
        }

        Table programs = new Table().Border(TableBorder.Simple).AddColumns("token", "name", "state", "role", "tenants", "content", "expires");
        foreach (TokenRow row in tokens)
        {
            programs.AddRow(
                new Text(row.Id), new Text(row.Name), new Text(row.State), new Text(row.Role), new Text(All(row.Tenants)), new Text(row.Content ? "yes" : "no"),
                new Text(row.ExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? ""));
        }

        console.Write(people);
        console.Write(programs);
    }

    private static string All(IReadOnlyList<string>? tenants) => tenants is null ? "all" : string.Join(", ", tenants);
}
