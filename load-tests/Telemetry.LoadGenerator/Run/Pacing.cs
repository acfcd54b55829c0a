using System.Collections.Concurrent;
using System.Diagnostics;
using Telemetry.LoadGenerator.Measure;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Run;

/// <summary>
/// Open loop: requests are sent when they are due, whatever became of those before, and answer times count from when they were due. A receiver
/// that stalls for a second is thus seen by all the requests of that second.
/// </summary>
internal sealed class Pacing(IReadOnlyList<ISender> senders, IBodySource source, OpenLoopSchedule schedule, PhaseCounters counters) : IDisposable
{
    private const long MostBytesInFlight = 256L << 20;
    private const int LeastInFlight = 16;
    private const int MostInFlight = 10_000;
    private const long LongestSleep = 20_000_000;

    private readonly SemaphoreSlim _places = new((int)Math.Clamp(MostBytesInFlight / Math.Max(1, source.BufferLength), LeastInFlight, MostInFlight));
    private readonly ConcurrentBag<byte[]> _buffers = [];
    private long _started;
    private int _inFlight;
    private TaskCompletionSource? _drained;

    /// <summary>Runs to the end of the schedule or until stopped; gives when the last answer was there.</summary>
    public async Task<TimeSpan> RunAsync(CancellationToken stop)
    {
        _started = Stopwatch.GetTimestamp();
        _inFlight = 1;
        _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own: timers of the pool are late when the machine is busy, which is when it matters.
        await Task.Factory.StartNew(() => Dispatch(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Leave();
        await _drained.Task;
        return Stopwatch.GetElapsedTime(_started);
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private void Dispatch(CancellationToken stop)
    {
        for (long i = 0; i < schedule.Count && !stop.IsCancellationRequested; i++)
        {
            long due = schedule.DueAt(i);
            for (long left = due - Now(); left > 0 && !stop.IsCancellationRequested; left = due - Now())
            {
                Native.Sleep(Math.Min(left, LongestSleep));
            }

            // Bodies in flight are bounded; who waits here is late, and that is counted.
            _places.Wait(CancellationToken.None);
            byte[] buffer = _buffers.TryTake(out byte[]? used) ? used : new byte[source.BufferLength];
            Interlocked.Increment(ref _inFlight);
            ISender sender = senders[(int)(i % senders.Count)];
            _ = Task.Run(() => SendAsync(sender, buffer, due), CancellationToken.None);
        }
    }

    private async Task SendAsync(ISender sender, byte[] buffer, long due)
    {
        try
        {
            if (source.TryNext(buffer, out Body body))
            {
                counters.Lateness.Record(Now() - due);
                SendResult result = await sender.SendAsync(body, CancellationToken.None);
                counters.Count(body, result, Now() - due);
                if (result.Outcome == SendOutcome.Acknowledged)
                {
                    // Otherwise something may still be sending from it.
                    _buffers.Add(buffer);
                }
            }
        }
        finally
        {
            _places.Release();
            Leave();
        }
    }

    private long Now() => (long)Stopwatch.GetElapsedTime(_started).TotalNanoseconds;

    private void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _drained!.SetResult();
        }
    }
}
