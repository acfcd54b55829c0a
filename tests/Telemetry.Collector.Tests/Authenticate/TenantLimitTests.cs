using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Tests.Support;
using Telemetry.Keys;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Tests.Authenticate;

public sealed class TenantLimitTests : IDisposable
{
    private readonly KeyRingFile _keys = new();

    [Fact]
    public void A_rate_holds_over_time_whatever_the_size_of_requests()
    {
        var time = new HandTime();
        var state = new TenantState("acme", "acme", isNamed: true, time);
        var limits = new TenantLimits(SpansPerSecond: 100);
        int taken = 0;
        for (int tick = 0; tick < 6000; tick++)
        {
            if (state.TryEnter(limits, TimeSpan.FromSeconds(1)) is null)
            {
                state.Charge(777, 1);
                state.Leave();
                taken += 777;
            }

            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        // Ten minutes, the burst of five seconds, and one request's debt.
        Assert.InRange(taken, 100 * 600, (100 * 605) + 777);
    }

    [Theory]
    [InlineData(10, 0, "spans_per_second")]
    [InlineData(0, 10, "bytes_per_second")]
    public void Whoever_is_refused_is_told_when_to_come_again_and_then_is_taken(double spans, double bytes, string limit)
    {
        var time = new HandTime();
        var state = new TenantState("acme", "acme", isNamed: true, time);
        var limits = new TenantLimits(spans, bytes);
        Assert.Null(state.TryEnter(limits, TimeSpan.FromSeconds(1)));
        state.Charge(150, 150);
        state.Leave();
        (string reached, TimeSpan retryAfter) = state.TryEnter(limits, TimeSpan.FromSeconds(1))!.Value;
        Assert.Equal((limit, 10), (reached, Math.Round(retryAfter.TotalSeconds)));
        time.Advance(retryAfter);
        Assert.Null(state.TryEnter(limits, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task One_tenant_at_its_limit_is_refused_with_a_delay_and_another_goes_on()
    {
        string acme = _keys.Create("acme");
        string globex = _keys.Create("globex");
        _keys.Limit("acme", new TenantLimits(SpansPerSecond: 1));
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        byte[] body = Payloads.LlmShaped(50).ToByteArray();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(collector, acme, body)).StatusCode);
        HttpResponseMessage refused = await PostAsync(collector, acme, body);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 40, 47);
        (_, int status, Dictionary<string, string> trailers) = await collector.CallAsync(RunningCollector.Frame(body), headers: [("x-api-key", acme)]);
        Assert.Equal((8, true), (status, trailers.ContainsKey("grpc-status-details-bin")));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(collector, globex, body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(collector, globex, body)).StatusCode);
    }

    [Fact]
    public async Task Requests_at_once_are_limited_for_each_tenant_and_every_end_of_one_makes_room()
    {
        string acme = _keys.Create("acme");
        string globex = _keys.Create("globex");
        _keys.Limit("acme", new TenantLimits(MaxConcurrentRequests: 1));
        var durable = new TaskCompletionSource<AppendResult>();
        var arrived = new TaskCompletionSource();
        var log = new MemoryLog
        {
            OnAppend = _ =>
            {
                arrived.TrySetResult();
                return durable.Task;
            },
        };
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use, log);
        byte[] body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();
        Task<HttpResponseMessage> held = PostAsync(collector, acme, body);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(collector, acme, body)).StatusCode);
        Task<HttpResponseMessage> other = PostAsync(collector, globex, body);
        durable.SetResult(AppendResult.Durable);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await held).StatusCode, (await other).StatusCode));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(collector, acme, [0xFF])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(collector, acme, body)).StatusCode);
    }

    public void Dispose() => _keys.Dispose();

    private static Task<HttpResponseMessage> PostAsync(RunningCollector collector, string key, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(collector.HttpUrl, "/v1/traces")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Headers.Add("x-api-key", key);
        return collector.SendAsync(request);
    }

    private sealed class HandTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
