using System.CommandLine;

namespace Telemetry.CommandLine.Keys;

/// <summary><c>telemetry keys</c>: the ingest keys of tenants, in the file that the Collectors watch.</summary>
internal static class KeysCommand
{
    public static Command Create(TimeProvider time) => new("keys", "Ingest keys of tenants. The file holds hashes; a key is shown once, when it is made.")
    {
        KeyListCommand.Create(time), KeyChangeCommands.New(time), KeyChangeCommands.Rotate(time), KeyChangeCommands.Revoke(time), KeyLimitCommand.Create(), KeyCheckCommand.Create(time),
    };

    /// <summary>The option that names the file.</summary>
    public static Option<string> File() => new("--file")
    {
        Description = "The keys file; also TELEMETRY_KEYS_FILE",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("TELEMETRY_KEYS_FILE") is { Length: > 0 } path ? path : "data/keys.json",
    };

    /// <summary>The option that prints JSON.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print for machines" };
}
