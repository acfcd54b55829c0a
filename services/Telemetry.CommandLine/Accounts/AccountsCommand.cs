using System.CommandLine;
using Telemetry.Access.Accounts;

namespace Telemetry.CommandLine.Accounts;

/// <summary><c>telemetry accounts</c>: who may read, in the file that the console watches.</summary>
internal static class AccountsCommand
{
    public static Command Create(TimeProvider time) => new("accounts", "People and programs that may read. Passwords are read from standard input; the file holds hashes.")
    {
        AccountListCommand.Create(time), AccountChangeCommands.New(time), AccountChangeCommands.Set(time), AccountChangeCommands.Password(), AccountChangeCommands.Delete(), TokenCommands.New(time), TokenCommands.Revoke(time),
    };

    /// <summary>The option that names the file.</summary>
    public static Option<string> File() => new("--file")
    {
        Description = "The accounts file; also TELEMETRY_ACCOUNTS_FILE",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("TELEMETRY_ACCOUNTS_FILE") is { Length: > 0 } path ? path : "data/accounts.json",
    };

    /// <summary>The option that says what somebody may do.</summary>
    public static Option<Role> RoleOption() => new("--role") { Description = "viewer sees, responder acknowledges and silences too, admin changes everything", DefaultValueFactory = _ => Role.Viewer };

    /// <summary>The option that says whose data they see.</summary>
    public static Option<string[]> Tenants() => new("--tenant") { Description = "Tenants whose data they see; all when none is named", AllowMultipleArgumentsPerToken = true };

    /// <summary>The option that says whether they may read messages and answers.</summary>
    public static Option<bool> Content() => new("--content") { Description = "May read messages and answers; each reading is noted in access_audit" };

    /// <summary>Tenants as they are kept: null for all.</summary>
    public static IReadOnlyList<string>? Kept(string[]? tenants) => tenants is { Length: > 0 } ? tenants : null;
}
