using System.CommandLine;
using Spectre.Console;
using Telemetry.Access.Accounts;
using Telemetry.CommandLine.Keys;

namespace Telemetry.CommandLine.Accounts;

/// <summary><c>telemetry accounts create</c>, <c>set</c>, <c>password</c> and <c>delete</c>. Every change ends the account's sessions.</summary>
internal static class AccountChangeCommands
{
    public static Command New(TimeProvider time)
    {
        Argument<string> name = Name();
        Option<Role> role = AccountsCommand.RoleOption();
        Option<string[]> tenants = AccountsCommand.Tenants();
        Option<bool> content = AccountsCommand.Content();
        Option<string> file = AccountsCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("create", "Makes an account; its password is read from standard input.") { name, role, tenants, content, file, json };
        command.SetAction(result =>
        {
            string wanted = result.GetRequiredValue(name);
            string hash = Passwords.Hash(PasswordInput.Read(result.InvocationConfiguration.Error));
            var account = new Account(wanted, hash, result.GetValue(role), AccountsCommand.Kept(result.GetValue(tenants)), result.GetValue(content), time.GetUtcNow());
            AccountFile.Change(
                result.GetRequiredValue(file),
                set => set.Find(wanted) is null ? (set.With(account), true) : throw new AccessFileException($"there is an account \"{wanted}\" already; telemetry accounts set changes it"));
            Print(result, result.GetValue(json), account, "is made");
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Set(TimeProvider time)
    {
        Argument<string> name = Name();
        var role = new Option<Role?>("--role") { Description = "viewer, responder or admin; stays when not given" };
        Option<string[]> tenants = AccountsCommand.Tenants();
        var all = new Option<bool>("--all-tenants") { Description = "Sees all tenants" };
        var content = new Option<bool?>("--content") { Description = "true or false; stays when not given" };
        var enabled = new Option<bool?>("--enabled") { Description = "true or false; stays when not given" };
        Option<string> file = AccountsCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("set", "Changes an account.") { name, role, tenants, all, content, enabled, file, json };
        command.SetAction(result => Change(result, name, file, json, "is changed", account => account with
        {
            Role = result.GetValue(role) ?? account.Role,
            Tenants = result.GetValue(all) ? null : AccountsCommand.Kept(result.GetValue(tenants)) ?? account.Tenants,
            MayReadContent = result.GetValue(content) ?? account.MayReadContent,
            DisabledAt = result.GetValue(enabled) switch { true => null, false => account.DisabledAt ?? time.GetUtcNow(), null => account.DisabledAt },
        }));
        return command;
    }

    public static Command Password()
    {
        Argument<string> name = Name();
        Option<string> file = AccountsCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("password", "Sets an account's password, read from standard input.") { name, file, json };
        command.SetAction(result =>
        {
            string hash = Passwords.Hash(PasswordInput.Read(result.InvocationConfiguration.Error));
            return Change(result, name, file, json, "has a new password", account => account with { PasswordHash = hash });
        });
        return command;
    }

    public static Command Delete()
    {
        Argument<string> name = Name();
        Option<string> file = AccountsCommand.File();
        var command = new Command("delete", "Takes an account away.") { name, file };
        command.SetAction(result =>
        {
            string wanted = result.GetRequiredValue(name);
            AccountFile.Change(result.GetRequiredValue(file), set => (set.Without(wanted), true));
            result.InvocationConfiguration.Output.WriteLine($"account {wanted} is deleted");
            return ExitCodes.Done;
        });
        return command;
    }

    private static int Change(ParseResult result, Argument<string> name, Option<string> file, Option<bool> json, string done, Func<Account, Account> change)
    {
        string wanted = result.GetRequiredValue(name);
        Account changed = AccountFile.Change(result.GetRequiredValue(file), set =>
        {
            Account next = change(set.Find(wanted) ?? throw AccountSet.Unknown(wanted));
            return (set.With(next), next);
        });
        Print(result, result.GetValue(json), changed, done);
        return ExitCodes.Done;
    }

    private static void Print(ParseResult result, bool json, Account account, string done) =>
        CommandOutput.Print(result, json, AccountRow.Of(account), console => console.WriteLine($"account {account.Name} {done}"));

    private static Argument<string> Name() => new("name") { Description = "Name to sign in with" };
}
