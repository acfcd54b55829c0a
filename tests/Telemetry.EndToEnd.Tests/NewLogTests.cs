using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A span log that was deleted starts its offsets anew; ClickHouse remembers the old ones.</summary>
public sealed class NewLogTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_of_a_log_made_anew_are_not_taken_for_the_old_ones_at_the_same_offsets()
    {
        using var data = new TemporaryDirectory();
        await using (AllInOneProcess first = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            await SendAsync(first, "before", "00f067aa0ba902b7");
            Assert.Equal(0, await first.Service.StopAsync(TimeSpan.FromSeconds(40), _cancellation));
        }

        Directory.Delete(Path.Combine(data.Path, "span-log"), recursive: true);

        await using AllInOneProcess second = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await SendAsync(second, "after-", "00f067aa0ba902b8");
        await second.AskUntilAsync("SELECT count() FROM llm_calls", "2", Bound, _cancellation);
    }

    // The same trace id, so the same partition and offset; a body of the same length, so the same end of the range.
    private async Task SendAsync(AllInOneProcess process, string service, string span)
    {
        using HttpResponseMessage answer = await process.PostTracesAsync(
            OtlpJson.Chat(new string('a', 32), span, service, TimeProvider.System.GetUtcNow()), _cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        await process.AskUntilAsync($"SELECT count() FROM llm_calls WHERE service = '{service}'", "1", Bound, _cancellation);
    }
}
