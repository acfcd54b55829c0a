using System.CommandLine;
using Spectre.Console;
using Telemetry.Keys;

namespace Telemetry.CommandLine.Keys;

/// <summary><c>telemetry keys check</c>: what a key is, read from standard input, so that it stands in no process list and no shell history.</summary>
internal static class KeyCheckCommand
{
    public static Command Create(TimeProvider time)
    {
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("check", "Reads a key from standard input and says whose it is and whether it is taken.") { file, json };
        command.SetAction(async (result, cancellation) =>
        {
            string key = (await Console.In.ReadLineAsync(cancellation) ?? "").Trim();
            KeySet set = KeyFile.Read(result.GetRequiredValue(file));
            DateTimeOffset now = time.GetUtcNow();
            string hash = KeyText.TryReadId(key, out _) ? KeyText.HashText(key) : "";
            if (set.Keys.FirstOrDefault(k => k.Hash == hash) is not { } found)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(hash.Length == 0 ? "that is no key: its form or its checksum is wrong" : "the key is not in the file");
                return ExitCodes.NotDone;
            }

            KeyRow row = KeyRow.Of(found, now);
            CommandOutput.Print(result, result.GetValue(json), row, console => console.WriteLine($"key {row.Id} of tenant {row.Tenant}: {row.State}"));
            return found.IsValidAt(now) ? ExitCodes.Done : ExitCodes.NotDone;
        });
        return command;
    }
}
