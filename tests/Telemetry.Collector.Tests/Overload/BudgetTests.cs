using System.Net;
using System.Text;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Tests.Overload;

/// <summary>More than may be in flight at once, exactly: the log takes nothing until it is told to.</summary>
public sealed class BudgetTests
{
    private const int Taken = 4;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly byte[] Body = Payloads.Request(Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), ("gen_ai.x", new string('a', 400_000)))).ToByteArray();

    [Fact]
    public async Task Over_the_budget_both_transports_say_when_to_come_again_and_what_was_taken_before_is_kept()
    {
        int entered = 0;
        var full = new TaskCompletionSource();
        var durable = new TaskCompletionSource<AppendResult>();
        var log = new MemoryLog
        {
            OnAppend = _ =>
            {
                if (Interlocked.Increment(ref entered) == Taken)
                {
                    full.TrySetResult();
                }

                return durable.Task;
            },
        };

        // Each body takes half a mebibyte of buffer, and its record as much as it is long.
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxInFlightBytes = Taken << 20, log);
        Task<(HttpResponseMessage Response, byte[] Body)>[] waiting = [.. Enumerable.Range(0, Taken).Select(_ => collector.PostAsync(Body))];
        await full.Task.WaitAsync(Bound, TestContext.Current.CancellationToken);

        (HttpResponseMessage refused, _) = await collector.PostAsync(Body);
        (_, int status, Dictionary<string, string> trailers) = await collector.CallAsync(RunningCollector.Frame(Body));

        Assert.Equal((HttpStatusCode.TooManyRequests, "2"), (refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(8, status);
        byte[] details = Convert.FromBase64String(trailers["grpc-status-details-bin"].PadRight((trailers["grpc-status-details-bin"].Length + 3) / 4 * 4, '='));
        Assert.Contains("google.rpc.RetryInfo", Encoding.UTF8.GetString(details), StringComparison.Ordinal);

        durable.SetResult(AppendResult.Durable);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.Response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await collector.PostAsync(Body)).Response.StatusCode);
        Assert.Equal(Taken + 1, log.Records.Count);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_an_answer_that_the_client_gets_though_it_is_still_sending()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxBodyBytes = 100_000);

        (HttpResponseMessage refused, _) = await collector.PostAsync(new byte[20 << 20]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
    }
}
