using System.CommandLine;
using Spectre.Console;
using Telemetry.Access.Accounts;
using Telemetry.CommandLine.Keys;

namespace Telemetry.CommandLine.Accounts;

/// <summary><c>telemetry accounts create-token</c> and <c>revoke-token</c>.</summary>
internal static class TokenCommands
{
    public static Command New(TimeProvider time)
    {
        var name = new Argument<string>("name") { Description = "What people call it" };
        Option<Role> role = AccountsCommand.RoleOption();
        Option<string[]> tenants = AccountsCommand.Tenants();
        Option<bool> content = AccountsCommand.Content();
        var expires = new Option<string>("--expires-in") { Description = "How long it is taken", DefaultValueFactory = _ => "90d" };
        Option<string> file = AccountsCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("create-token", "Makes a token for a program and shows it, once.") { name, role, tenants, content, expires, file, json };
        command.SetAction(result =>
        {
            DateTimeOffset now = time.GetUtcNow();
            TimeSpan life = KeyChangeCommands.Duration(result.GetRequiredValue(expires), "--expires-in") ?? default;
            TokenRow row = AccountFile.Change(result.GetRequiredValue(file), set =>
            {
                (AccountSet changed, ApiToken token, string secret) = set.CreateToken(
                    result.GetRequiredValue(name), result.GetValue(role), AccountsCommand.Kept(result.GetValue(tenants)), result.GetValue(content), now, now + life);
                return (changed, TokenRow.Of(token, now, secret));
            });
            CommandOutput.Print(result, result.GetValue(json), row, console =>
            {
                console.WriteLine($"token {row.Id} until {row.ExpiresAt:u}; shown only now:");
                console.WriteLine(row.Token!);
            });
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Revoke(TimeProvider time)
    {
        var id = new Argument<string>("id") { Description = "Id as list prints it" };
        Option<string> file = AccountsCommand.File();
        var command = new Command("revoke-token", "Ends a token. It is refused within seconds.") { id, file };
        command.SetAction(result =>
        {
            string wanted = result.GetRequiredValue(id);
            AccountFile.Change(result.GetRequiredValue(file), set => (set.RevokeToken(wanted, time.GetUtcNow()), true));
            result.InvocationConfiguration.Output.WriteLine($"token {wanted} is revoked");
            return ExitCodes.Done;
        });
        return command;
    }
}
