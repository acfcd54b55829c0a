using System.Collections.Concurrent;
using System.Diagnostics;
using Telemetry.LoadGenerator.Measure;
using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Verify;

/// <summary>
/// Measures the time from an acknowledgement to the call's being visible in <c>llm_rollup_1m</c>: marker calls with models of their own are sent beside
/// the load, and looked for by a query. Every time is up to one poll too long.
/// </summary>
internal sealed class Freshness(ISender sender, PayloadFactory markers, ClickHouseReader reader, TimeProvider time)
{
    /// <summary>Pause between two looks.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private const long NanosecondsPerTick = 100;
    private const int MostOutstanding = 1000;
    // It is rolled up in the minute of its start.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(190);

    private readonly ConcurrentDictionary<long, (long Acknowledged, DateTimeOffset Sent)> _outstanding = [];
    private readonly LatencyHistogram _times = new();

    /// <summary>Sends and looks until stopped, then looks for what is outstanding until a bound; gives the times, and how many were never seen.</summary>
    public async Task<(Quantiles Times, int Unseen)> RunAsync(TimeSpan bound, CancellationToken stop)
    {
        Task sending = SendAsync(stop);
        long stopped = Stopwatch.GetTimestamp();
        while (!sending.IsCompleted || (!_outstanding.IsEmpty && Stopwatch.GetElapsedTime(stopped) < bound))
        {
            if (!sending.IsCompleted)
            {
                stopped = Stopwatch.GetTimestamp();
            }

            await LookAsync();
            await Task.Delay(Poll, time, CancellationToken.None);
        }

        await sending;
        return (_times.ToQuantiles(), _outstanding.Count);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        byte[] buffer = new byte[GrpcSender.FrameHeader + markers.MaxLength];
        for (long number = 0; !stop.IsCancellationRequested; number++)
        {
            DateTimeOffset sent = time.GetUtcNow();
            int length = markers.Fill(buffer.AsSpan(GrpcSender.FrameHeader), number);
            Frame.Write(buffer, length, compressed: false);
            SendResult result = await sender.SendAsync(new Body(buffer.AsMemory(0, GrpcSender.FrameHeader + length), number), CancellationToken.None);
            if (result.Outcome == SendOutcome.Acknowledged && _outstanding.Count < MostOutstanding)
            {
                _outstanding[number] = (Stopwatch.GetTimestamp(), sent);
            }
            else if (result.Outcome != SendOutcome.Acknowledged)
            {
                buffer = new byte[buffer.Length];
            }

            try
            {
                await Task.Delay(Between, time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LookAsync()
    {
        if (_outstanding.IsEmpty)
        {
            return;
        }

        DateTimeOffset oldest = _outstanding.Values.Min(o => o.Sent);
        try
        {
            var seen = new List<long>();
            await foreach (long[] row in reader.RowsAsync(
                "markers", [("service", ServiceNames.Marker(markers.Ids.Name)), ("since", (oldest - LongestCall - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick)], CancellationToken.None))
            {
                seen.Add(row[0]);
            }

            foreach (long number in seen)
            {
                if (_outstanding.TryRemove(number, out (long Acknowledged, DateTimeOffset Sent) marker))
                {
                    _times.Record((long)Stopwatch.GetElapsedTime(marker.Acknowledged).TotalNanoseconds);
                }
            }
        }
        catch (HttpRequestException)
        {
            // It may be restarting; what it shows later counts as later.
        }
    }
}
