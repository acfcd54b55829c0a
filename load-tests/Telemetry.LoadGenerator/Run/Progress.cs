using System.Diagnostics;
using System.Globalization;
using Telemetry.LoadGenerator.Measure;

namespace Telemetry.LoadGenerator.Run;

/// <summary>A line on stderr each second.</summary>
internal sealed class Progress(TargetWatch watch, int spansPerRequest, Backlog? backlog)
{
    private const double BytesPerMegabyte = 1e6;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Writes until stopped.</summary>
    public async Task RunAsync(string phase, PhaseCounters counters, TimeProvider time, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        long last = started;
        (long requests, double cpu) = (0, Cpu());
        try
        {
            while (true)
            {
                await Task.Delay(Every, time, stop);
                double seconds = Stopwatch.GetElapsedTime(last).TotalSeconds;
                last = Stopwatch.GetTimestamp();
                (long requestsNow, double cpuNow) = (counters.Acknowledged, Cpu());
                string queued = backlog is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {backlog.Spans:N0} queued");
                await System.Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{phase} {Stopwatch.GetElapsedTime(started).TotalSeconds,4:F0} s: {(requestsNow - requests) * spansPerRequest / seconds,9:N0} spans/s, "
                    + $"{requestsNow * spansPerRequest:N0} acknowledged, {counters.Refused:N0} requests refused, {counters.Failed:N0} failed{queued}; "
                    + $"target {(cpuNow - cpu) / seconds:F2} CPU, {watch.Read().Sum(t => t.ResidentBytes) / BytesPerMegabyte:N0} MB"));
                (requests, cpu) = (requestsNow, cpuNow);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the phase.
        }
    }

    private double Cpu() => watch.Read().Sum(t => t.CpuSeconds);
}
