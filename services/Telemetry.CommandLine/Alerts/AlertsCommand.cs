using System.CommandLine;

namespace Telemetry.CommandLine.Alerts;

/// <summary><c>telemetry alerts</c>: incidents, silences, rules and channels.</summary>
internal static class AlertsCommand
{
    public static Command Create(TimeProvider time) => new("alerts", "Incidents, silences, rules and channels.")
    {
        IncidentCommands.List(time), IncidentCommands.Acknowledge(), SilenceCommands.Silences(), SilenceCommands.Silence(time), SilenceCommands.Unsilence(),
        RuleCommands.Check(), RuleCommands.Test(time), ChannelCommands.SendTest(time),
    };
}
