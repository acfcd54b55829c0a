using Microsoft.Extensions.Logging;

namespace Telemetry.Hosting.Process;

/// <summary>Starts parts in order and stops those that were started in reverse, whatever fails in between.</summary>
public sealed partial class ServiceParts(IReadOnlyList<ServicePart> parts, ILogger logger)
{
    // For what parts do once their time is up, such as breaking connections; then they are left to the end of the process.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Stack<ServicePart> _started = new();

    /// <summary>Starts all parts; when one fails, the error propagates and <see cref="StopAsync"/> still stops what was started.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ServicePart part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _started.Push(part);
            await part.StartAsync(cancellationToken);
            LogStarted(part.Name);
        }
    }

    /// <summary>Stops all started parts within <paramref name="bound"/>; a part that fails to stop, or does not end in time, is logged and does not hold up the others.</summary>
    /// <returns>True when every part stopped cleanly and in time.</returns>
    public async Task<bool> StopAsync(TimeSpan bound, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(bound, time);
        using var abandon = new CancellationTokenSource(bound + Grace, time);
        bool clean = true;
        while (_started.TryPop(out ServicePart? part))
        {
            try
            {
                await part.StopAsync(deadline.Token).WaitAsync(abandon.Token);
                LogStopped(part.Name);
            }
#pragma warning disable CA1031 // One part's failure must not keep the others from stopping.
            catch (Exception e)
#pragma warning restore CA1031
            {
                clean = false;
                LogStopFailed(part.Name, e);
            }
        }

        return clean && !deadline.IsCancellationRequested;
    }

    [LoggerMessage(LogLevel.Information, "started {Part}")]
    private partial void LogStarted(string part);

    [LoggerMessage(LogLevel.Information, "stopped {Part}")]
    private partial void LogStopped(string part);

    [LoggerMessage(LogLevel.Error, "could not stop {Part} cleanly")]
    private partial void LogStopFailed(string part, Exception error);
}
