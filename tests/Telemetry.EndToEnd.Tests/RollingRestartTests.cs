using System.Collections.Concurrent;
using System.Globalization;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Two Collectors and two Processors are replaced one by one, with SIGTERM, while exporters send and send again.</summary>
public sealed class RollingRestartTests
{
    private const int Senders = 4;
    private const int Least = 100;
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(35);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly ConcurrentDictionary<long, bool> _acknowledged = [];
    private readonly ConcurrentDictionary<int, ServiceProcess> _collectors = [];
    private long _next;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_or_counted_twice_and_every_process_ends_with_0()
    {
        await using DistributedLayout layout = await DistributedLayout.StartWithRealBrokerAsync();
        ServiceProcess[] processors = await Task.WhenAll(layout.StartProcessorAsync(), layout.StartProcessorAsync());
        _collectors[0] = await layout.StartCollectorAsync();
        _collectors[1] = await layout.StartCollectorAsync();
        using var enough = new CancellationTokenSource();
        Task[] senders = [.. Enumerable.Range(0, Senders).Select(s => Task.Run(() => SendAsync(layout, s, enough.Token), _cancellation))];
        for (int i = 0; i < 2; i++)
        {
            await AcknowledgedAsync();
            ServiceProcess next = await layout.StartCollectorAsync();
            ServiceProcess old = _collectors[i];
            _collectors[i] = next;
            await AssertStopsAsync(old);

            await AcknowledgedAsync();
            await AssertStopsAsync(processors[i]);
            processors[i] = await layout.StartProcessorAsync();
        }

        await AcknowledgedAsync();
        await enough.CancelAsync();
        await Task.WhenAll(senders);

        // Every span was sent until it was acknowledged, so what was is what must be there.
        await layout.AssertCallsAsync(_acknowledged.Count);
        Assert.Equal("", await layout.AskAsync("SELECT * FROM llm_duplicates"));
        foreach (ServiceProcess process in (ServiceProcess[])[.. processors, .. _collectors.Values])
        {
            await AssertStopsAsync(process);
        }
    }

    private async Task AssertStopsAsync(ServiceProcess process)
    {
        int code = await process.StopAsync(StopBound, _cancellation);
        Assert.True(code == 0, $"exit code {code}:\n{process.Log}");
    }

    private async Task AcknowledgedAsync()
    {
        int goal = _acknowledged.Count + Least;
        await TestKit.Eventually.HoldsAsync(() => _acknowledged.Count >= goal, string.Create(CultureInfo.InvariantCulture, $"{goal} spans are acknowledged"));
    }

    // An exporter behind a load balancer: what one Collector did not acknowledge is sent to another.
    private async Task SendAsync(DistributedLayout layout, int turn, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            long trace = Interlocked.Increment(ref _next);
            while (!await TryAsync(layout, _collectors[turn++ % _collectors.Count], trace))
            {
                await Task.Delay(20, _cancellation);
            }

            _acknowledged[trace] = true;
        }
    }

    private static async Task<bool> TryAsync(DistributedLayout layout, ServiceProcess collector, long trace)
    {
        try
        {
            using HttpResponseMessage answer = await layout.SendAsync(collector, trace);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
