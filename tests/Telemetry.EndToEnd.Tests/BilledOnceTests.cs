using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A call is billed once on the running program: across batches, exporters' retries, restarts and kills.</summary>
public sealed class BilledOnceTests
{
    private const string Trace = "00000000000000000000000000000abc";
    private const string Agent = "0000000000000001";
    private const string Call = "0000000000000002";
    private const string Totals = "sum(calls), sum(input_tokens), sum(output_tokens), toString(sum(cost_usd))";
    private const string OneCall = "1\t1200\t300\t0.000285";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrapper_that_was_billed_before_its_call_arrived_is_taken_back_from_every_sum(bool restart)
    {
        using var data = new TemporaryDirectory();
        AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        try
        {
            await SendAsync(process, OtlpJson.Span(Trace, Agent, Start, "", "invoke_agent"));
            await process.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
            if (restart)
            {
                await process.Service.KillAsync();
                await process.DisposeAsync();
                process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
            }

            await SendAsync(process, OtlpJson.Span(Trace, Call, Start.AddMilliseconds(10), Agent, "chat"));

            await process.AskUntilAsync("SELECT count(), sum(sign) FROM llm_calls", "3\t1", Bound, _cancellation);
            foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
            {
                await process.AskUntilAsync($"SELECT {Totals} FROM {rollup}", OneCall, Bound, _cancellation);
            }

            Assert.Equal(Call, await process.AskAsync("SELECT span_id FROM llm_calls_now", _cancellation));
            await process.AskUntilAsync("SELECT span_id, not_billed_because FROM llm_spans", $"{Agent}\twrapper", Bound, _cancellation);
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_an_exporter_sends_again_after_a_restart_is_dropped()
    {
        using var data = new TemporaryDirectory();
        await using (AllInOneProcess first = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            await SendAsync(first, OtlpJson.Span(Trace, Call, Start, "", "chat"));
            await first.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
            await first.Service.KillAsync();
        }

        await using AllInOneProcess second = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await SendAsync(second, OtlpJson.Span(Trace, Call, Start, "", "chat"));
        await SendAsync(second, OtlpJson.Span(Trace, "0000000000000003", Start.AddSeconds(5), "", "chat"));

        // Both are of one trace and so of one partition: when the later one is there, the earlier one has been through.
        await second.AskUntilAsync("SELECT count() FROM llm_calls WHERE span_id = '0000000000000003'", "1", Bound, _cancellation);
        Assert.Equal("2", await second.AskAsync("SELECT count() FROM llm_calls", _cancellation));
    }

    [Fact]
    public async Task What_is_sent_again_long_after_it_was_forgotten_is_dropped_all_the_same()
    {
        const int Others = 3000;
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(
            data.Path, _cancellation, "Processor:Window:MaxSpans=1000", "Processor:Batch:MaxSpans=300");
        await SendAsync(process, OtlpJson.Span(Trace, Call, Start, "", "chat"));
        await SendManyAsync(process, Others);
        await process.AskUntilAsync("SELECT count() FROM llm_spans", $"{Others}", Bound, _cancellation);

        await SendAsync(process, OtlpJson.Span(Trace, Call, Start, "", "chat"));
        await SendAsync(process, OtlpJson.Span(Trace, "0000000000000003", Start.AddSeconds(100), "", "chat"));

        await process.AskUntilAsync("SELECT count() FROM llm_calls WHERE span_id = '0000000000000003'", "1", Bound, _cancellation);
        Assert.Equal("2", await process.AskAsync("SELECT count() FROM llm_calls", _cancellation));
        Assert.Equal("", await process.AskAsync("SELECT * FROM llm_duplicates", _cancellation));
    }

    private async Task SendManyAsync(AllInOneProcess process, int count)
    {
        object[] spans = [.. Enumerable.Range(1000, count).Select(i => OtlpJson.Span(Trace, i.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), Start.AddMilliseconds(2000 + i), "", "execute_tool"))];
        foreach (object[] chunk in spans.Chunk(500))
        {
            using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Request("billed-once", chunk), _cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
        }
    }

    private async Task SendAsync(AllInOneProcess process, object span)
    {
        using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Request("billed-once", span), _cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
    }
}
