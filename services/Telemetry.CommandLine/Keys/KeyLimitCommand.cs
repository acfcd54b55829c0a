using System.CommandLine;
using Spectre.Console;
using Telemetry.Keys;

namespace Telemetry.CommandLine.Keys;

/// <summary><c>telemetry keys limit</c>.</summary>
internal static class KeyLimitCommand
{
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "Whose limits", Required = true };
        var spans = new Option<double>("--spans-per-second") { Description = "Spans and log records a second; 0 is no limit" };
        var bytes = new Option<double>("--bytes-per-second") { Description = "Bytes a second after decompression; 0 is no limit" };
        var requests = new Option<int>("--requests") { Description = "Requests at once; 0 is no limit" };
        Option<string> file = KeysCommand.File();
        Option<bool> json = KeysCommand.Json();
        var command = new Command("limit", "Sets what a tenant may send to each Collector, in the place of Telemetry:Collector:Tenants.") { tenant, spans, bytes, requests, file, json };
        command.SetAction(result =>
        {
            var limits = new TenantLimits(result.GetValue(spans), result.GetValue(bytes), result.GetValue(requests));
            if (!(limits.SpansPerSecond >= 0 && limits.BytesPerSecond >= 0 && limits.MaxConcurrentRequests >= 0))
            {
                throw new KeyFileException("limits: allowed: 0 or more");
            }

            string name = result.GetRequiredValue(tenant);
            KeyFile.Change(result.GetRequiredValue(file), set => (set.Limit(name, limits), true));
            CommandOutput.Print(result, result.GetValue(json), limits, console => console.WriteLine($"limits of {name} are set"));
            return ExitCodes.Done;
        });
        return command;
    }
}
