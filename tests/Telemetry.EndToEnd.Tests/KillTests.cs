using System.Collections.Concurrent;
using System.Globalization;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What was acknowledged is there after <c>kill -9</c> under traffic.</summary>
public sealed class KillTests
{
    private const int Kills = 3;
    private const int Senders = 4;
    private const int AcknowledgedBeforeKill = 150;

    private static readonly TimeSpan VisibleWithin = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly ConcurrentDictionary<string, bool> _acknowledged = [];
    private int _next;

    [Fact]
    public async Task Every_acknowledged_span_is_there_after_kill_9_under_traffic_and_none_twice()
    {
        using var data = new TemporaryDirectory();
        for (int kill = 0; kill < Kills; kill++)
        {
            await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
            await SendUntilKilledAsync(process);
        }

        await using AllInOneProcess survivor = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        HashSet<string> found = await Processes.Eventually.GetAsync(
            () => TracesAsync(survivor), traces => _acknowledged.Keys.All(traces.Contains), VisibleWithin, _cancellation);

        Assert.True(_acknowledged.Count >= Kills * AcknowledgedBeforeKill);
        Assert.Equal("0", await survivor.AskAsync("SELECT count() FROM (SELECT span_id FROM llm_calls GROUP BY trace_id, span_id HAVING count() > 1)", _cancellation));
        foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            await survivor.AskUntilAsync(
                $"SELECT sum(calls) FROM {rollup}", found.Count.ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(10), _cancellation);
        }
    }

    private static async Task<HashSet<string>> TracesAsync(AllInOneProcess process) =>
        [.. (await process.AskAsync("SELECT trace_id FROM llm_calls", TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private async Task SendUntilKilledAsync(AllInOneProcess process)
    {
        int goal = _acknowledged.Count + AcknowledgedBeforeKill;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(process, goal, enough), _cancellation))];

        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), _cancellation);
        await process.Service.KillAsync();
        await Task.WhenAll(senders);
    }

    private async Task SendAsync(AllInOneProcess process, int goal, TaskCompletionSource enough)
    {
        while (true)
        {
            // Every span is sent once: what the process said before it died is all that this test may count on.
            string trace = Interlocked.Increment(ref _next).ToString("x32", CultureInfo.InvariantCulture);
            try
            {
                using HttpResponseMessage answer = await process.PostTracesAsync(
                    OtlpJson.Chat(trace, "00f067aa0ba902b7", "kill", TimeProvider.System.GetUtcNow()), _cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    _acknowledged[trace] = true;
                }
            }
            catch (HttpRequestException)
            {
                return;
            }

            if (_acknowledged.Count >= goal)
            {
                enough.TrySetResult();
            }
        }
    }
}
