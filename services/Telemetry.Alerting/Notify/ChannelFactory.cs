using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Notify.Channels;

namespace Telemetry.Alerting.Notify;

/// <summary>The explicit list of kinds of channels.</summary>
internal static class ChannelFactory
{
    public static IChannel Create(ChannelDefinition channel, MessageBuilder messages, ILoggerFactory loggers, TimeProvider time) => channel.Type switch
    {
        "slack" => new SlackChannel(channel, messages, time),
        "pagerduty" => new PagerDutyChannel(channel, messages, time),
        "alertmanager" => new AlertmanagerChannel(channel, messages, time),
        "webhook" => new WebhookChannel(channel, messages, time),
        "email" => new EmailChannel(channel, messages),
        "teams" => new TeamsChannel(channel, messages, time),
        _ => new LogChannel(messages, loggers.CreateLogger<LogChannel>()),
    };
}
