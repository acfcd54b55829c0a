using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>Many times more than a Collector takes at once: it refuses with a hint, stays small, and keeps what it accepted.</summary>
public sealed class BurstTests
{
    private const int Senders = 64;
    private const int RequestsEach = 8;
    private const int SpansEach = 10;
    private const int MaxInFlight = 8 << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    // docs/operations.md, "Memory": what the process takes at rest, and what the bytes in flight cost it at most.
    private const long Ceiling = (250L << 20) + (4L * MaxInFlight);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly ConcurrentBag<HttpStatusCode> _answers = [];
    private int _accepted;
    private int _next;

    [Fact]
    public async Task What_is_refused_is_told_when_to_come_again_what_is_accepted_arrives_and_memory_stays_under_its_ceiling()
    {
        using var data = new TemporaryDirectory();
        string log = $"SpanLog:Path={Path.Combine(data.Path, "span-log")}";
        await using (ServiceProcess collector = await ServiceProcess.StartAsync(
            "Telemetry.Collector", [log, "Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0", $"Collector:Limits:MaxInFlightBytes={MaxInFlight}"], _cancellation))
        {
            using var http = new HttpClient { Timeout = Bound };
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(http, collector), _cancellation)));

            Assert.All(_answers, a => Assert.True(a is HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, a.ToString()));
            Assert.Contains(HttpStatusCode.OK, _answers);
            Assert.Contains(HttpStatusCode.TooManyRequests, _answers);
            Assert.InRange(PeakBytes(collector), 1, Ceiling);

            // Once the burst is over everybody is served again.
            await SendOneAsync(http, collector);
            Assert.Equal(0, await collector.StopAsync(Bound, _cancellation));
        }

        await using AllInOneProcess reader = await AllInOneProcess.StartAsync(data.Path, _cancellation, "Processor:ContentShare=0");
        await reader.AskUntilAsync("SELECT count() FROM llm_calls", (_accepted * SpansEach).ToString(CultureInfo.InvariantCulture), Bound, _cancellation);
    }

    private async Task SendAsync(HttpClient http, ServiceProcess collector)
    {
        for (int i = 0; i < RequestsEach; i++)
        {
            await SendOneAsync(http, collector);
        }
    }

    private async Task SendOneAsync(HttpClient http, ServiceProcess collector)
    {
        string trace = Interlocked.Increment(ref _next).ToString("x32", CultureInfo.InvariantCulture);
        object[] spans = [.. Enumerable.Range(1, SpansEach).Select(s => OtlpJson.Span(trace, s.ToString("x16", CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow(), content: Text))];
        using HttpResponseMessage answer = await http.PostAsync(
            new Uri(collector.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(OtlpJson.Request("burst", spans), Encoding.UTF8, "application/json"), _cancellation);
        _answers.Add(answer.StatusCode);
        if (answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _accepted);
        }
        else
        {
            Assert.True(answer.Headers.Contains("Retry-After"), "a refusal without Retry-After");
        }
    }

    private static string Text { get; } = new('a', 100_000);

    private static long PeakBytes(ServiceProcess process)
    {
        string line = File.ReadLines($"/proc/{process.Pid}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        long peak = long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10;
        TestContext.Current.TestOutputHelper?.WriteLine($"peak working set {peak >> 20} MiB, ceiling {Ceiling >> 20} MiB");
        return peak;
    }
}
