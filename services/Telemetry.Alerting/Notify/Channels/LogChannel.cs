using Microsoft.Extensions.Logging;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>Writes notifications into the service's own log, where there is no channel yet.</summary>
internal sealed partial class LogChannel(MessageBuilder messages, ILogger logger) : IChannel
{
    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose()
    {
    }

    /// <inheritdoc />
    public Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation)
    {
        Message message = messages.Build(notifications);
        LogNotification(message.Title, string.Join("; ", message.Incidents.Select(i => i.Text)));
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "{Title}: {Text}")]
    private partial void LogNotification(string title, string text);
}
