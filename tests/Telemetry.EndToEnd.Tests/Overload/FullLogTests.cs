using System.Globalization;
using System.Net;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>Nobody reads the log until it is full of unread records: it refuses, keeps what it has, and takes again once somebody has read.</summary>
public sealed class FullLogTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly string Content = new('a', 50_000);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly HttpClient _http = new();
    private int _accepted;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_log_full_of_unread_records_refuses_with_a_hint_and_takes_again_once_a_processor_has_caught_up()
    {
        using var data = new TemporaryDirectory();
        string[] small = ["SpanLog:Partitions=1", "SpanLog:Local:RetentionBytes=4194304", "SpanLog:Local:SegmentBytes=1048576", "SpanLog:Local:RetentionInterval=00:00:00.05", "Processor:ContentShare=0"];
        await using (AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation, small))
        {
            // From here on the log knows its reader.
            await SendAsync(process.Http, HttpStatusCode.OK);
            await process.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
            Assert.Equal(0, await process.Service.StopAsync(Bound, _cancellation));
        }

        string log = $"SpanLog:Path={Path.Combine(data.Path, "span-log")}";
        await using (ServiceProcess collector = await ServiceProcess.StartAsync("Telemetry.Collector", [log, .. small[..^1], "Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0"], _cancellation))
        {
            HttpResponseMessage refused = await Processes.Eventually.GetAsync(
                () => SendAsync(collector.Address("OTLP/HTTP")), a => a.StatusCode == HttpStatusCode.ServiceUnavailable, Bound, _cancellation);
            Assert.True(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture) >= 1);
            using HttpResponseMessage ready = await _http.GetAsync(new Uri(collector.Address("Health"), "/readyz"), _cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("span_log", await ready.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
            Assert.Equal(0, await collector.StopAsync(Bound, _cancellation));
        }

        Assert.True(_accepted > 40, $"{_accepted} accepted");
        await using AllInOneProcess reader = await AllInOneProcess.StartAsync(data.Path, _cancellation, small);
        await reader.AskUntilAsync("SELECT count() FROM llm_calls", _accepted.ToString(CultureInfo.InvariantCulture), Bound, _cancellation);
        await Processes.Eventually.GetAsync(() => SendAsync(reader.Http), a => a.StatusCode == HttpStatusCode.OK, Bound, _cancellation);
        await reader.AskUntilAsync("SELECT count(), uniqExact(trace_id) FROM llm_calls", string.Create(CultureInfo.InvariantCulture, $"{_accepted}\t{_accepted}"), Bound, _cancellation);
    }

    private async Task SendAsync(Uri collector, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await SendAsync(collector);
        Assert.True(answer.StatusCode == expected, await answer.Content.ReadAsStringAsync(_cancellation));
    }

    private async Task<HttpResponseMessage> SendAsync(Uri collector)
    {
        string body = OtlpJson.Request("full", OtlpJson.Span(Guid.NewGuid().ToString("N"), "00f067aa0ba902b7", TimeProvider.System.GetUtcNow(), content: Content));
        HttpResponseMessage answer = await _http.PostAsync(new Uri(collector, "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), _cancellation);
        _accepted += answer.IsSuccessStatusCode ? 1 : 0;
        return answer;
    }
}
