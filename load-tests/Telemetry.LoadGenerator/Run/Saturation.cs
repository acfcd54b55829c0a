using System.Diagnostics;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Run;

/// <summary>Closed loop: every place in flight sends its next request as soon as the last one is answered. It finds the most that is accepted.</summary>
internal static class Saturation
{
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs for a time, or until there are no bodies left, or until stopped; gives when the last answer was there.</summary>
    public static async Task<TimeSpan> RunAsync(
        IReadOnlyList<ISender> senders, int inFlight, IBodySource source, TimeSpan duration, PhaseCounters counters, Backlog? backlog, TimeProvider time, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(senders.SelectMany(sender => Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => SendAsync(sender), CancellationToken.None))));
        return Stopwatch.GetElapsedTime(started);

        async Task SendAsync(ISender sender)
        {
            byte[] buffer = new byte[source.BufferLength];
            while (Stopwatch.GetElapsedTime(started) < duration && !stop.IsCancellationRequested && source.TryNext(buffer, out Body body))
            {
                if (backlog is not null)
                {
                    await backlog.WaitAsync(stop);
                }

                long sent = Stopwatch.GetTimestamp();
                SendResult result = await sender.SendAsync(body, CancellationToken.None);
                counters.Count(body, result, (long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds);
                if (result.Outcome != SendOutcome.Acknowledged)
                {
                    // Something may still be sending from the old buffer. And who is refused waits, as an exporter does.
                    buffer = new byte[source.BufferLength];
                    await Task.Delay(BackOff, time, CancellationToken.None);
                }
            }
        }
    }
}
