using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Verify;

namespace Telemetry.LoadGenerator.Run;

/// <summary>
/// What is acknowledged and not yet visible. A Collector accepts faster than calls are priced and stored, so that a saturate phase without a bound
/// here fills the span log; with a bound it finds what goes the whole way.
/// </summary>
internal sealed class Backlog(Verification verification, RequestLedger ledger, PayloadFactory factory, long mostSpans, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private long _visible;

    /// <summary>Spans in it, as of the last look.</summary>
    public long Spans => Math.Max(0, ((ledger.Acknowledged * factory.Calls) - Volatile.Read(ref _visible)) * factory.Spans / factory.Calls);

    /// <summary>Looks again and again until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await LookAsync(stop);
                await Task.Delay(Poll, time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Waits while there is too much in it.</summary>
    public async ValueTask WaitAsync(CancellationToken stop)
    {
        while (mostSpans > 0 && Spans >= mostSpans && !stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            Volatile.Write(ref _visible, await verification.VisibleAsync(stop));
        }
        catch (HttpRequestException)
        {
            // It may be busy or restarting; the last figure holds.
        }
    }
}
