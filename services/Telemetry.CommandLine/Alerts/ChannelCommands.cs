using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Track;

namespace Telemetry.CommandLine.Alerts;

/// <summary><c>telemetry alerts send-test</c>.</summary>
internal static class ChannelCommands
{
    public static Command SendTest(TimeProvider time)
    {
        var path = new Option<string>("--channels") { Description = "File of the channels", Required = true };
        var name = new Option<string[]>("--channel") { Description = "Names of channels; all by default", DefaultValueFactory = _ => [] };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var command = new Command("send-test", "Sends a test notification, and its end, to channels, once each without retries.") { path, name, json };
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<ChannelDefinition> channels;
            try
            {
                channels = ChannelFile.Read(result.GetRequiredValue(path));
            }
            catch (RuleFileException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadFile;
            }

            string[] wanted = result.GetRequiredValue(name);
            if (wanted.FirstOrDefault(w => !channels.Any(c => c.Name == w)) is { } unknown)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"--channel \"{unknown}\" is none of the channels; allowed: {string.Join(", ", channels.Select(c => c.Name))}");
                return ExitCodes.NotDone;
            }

            var outcomes = new List<TestOutcome>();
            foreach (ChannelDefinition channel in channels.Where(c => wanted.Length == 0 || wanted.Contains(c.Name)))
            {
                outcomes.Add(await SendAsync(channel, time, cancellation));
            }

            CommandOutput.Print(result, result.GetValue(json), outcomes, console => outcomes.ForEach(o => console.WriteLine($"{o.Channel}: {(o.Taken ? "taken" : o.Answer)}")));
            return outcomes.TrueForAll(o => o.Taken) ? ExitCodes.Done : ExitCodes.NotDone;
        });
        return command;
    }

    private static async Task<TestOutcome> SendAsync(ChannelDefinition definition, TimeProvider time, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        var incident = new Incident
        {
            Id = IncidentMachine.Hash(Guid.NewGuid().ToString("N")),
            Key = "test",
            Rule = "test",
            Labels = new Dictionary<string, string> { ["service"] = "telemetry" },
            Severity = Severities.Info,
            State = IncidentState.Firing,
            StartedAt = now,
            FiredAt = now,
            Text = "this is a test; nothing is wrong",
            Summary = "Test of the channel",
        };
        using IChannel channel = ChannelFactory.Create(definition, new MessageBuilder("", ""), NullLoggerFactory.Instance, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(definition.Timeout * 2);
        try
        {
            await channel.SendAsync([new Notification(incident.Id, definition.Name, NotificationKinds.Test, now, [incident])], limit.Token);
            Incident over = incident with { State = IncidentState.Resolved, ResolvedAt = now };
            await channel.SendAsync([new Notification(IncidentMachine.Hash(incident.Id), definition.Name, NotificationKinds.Resolved, now, [over])], limit.Token);
            return new TestOutcome(definition.Name, true, "");
        }
        catch (SendException e)
        {
            return new TestOutcome(definition.Name, false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new TestOutcome(definition.Name, false, $"no answer within {DurationText.Of(definition.Timeout * 2)}");
        }
    }

    private sealed record TestOutcome(string Channel, bool Taken, string Answer);
}
