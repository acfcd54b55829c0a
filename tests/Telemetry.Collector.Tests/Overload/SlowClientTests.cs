using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;

namespace Telemetry.Collector.Tests.Overload;

/// <summary>Clients that are slow, silent, gone or malicious hold little, and not for long; the others are served meanwhile.</summary>
public sealed class SlowClientTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly byte[] Body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();

    [Fact]
    public async Task A_body_that_does_not_arrive_is_answered_with_back_off()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.BodyTimeout = TimeSpan.FromMilliseconds(200));
        using RawConnection slow = await RawConnection.OpenAsync(collector.HttpUrl);
        await slow.PostAsync(Body.Length);
        await slow.SendAsync(Body.AsMemory(0, 10));

        string answer = Encoding.UTF8.GetString(await slow.ReadToEndAsync(Bound));

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2", answer, StringComparison.Ordinal);
        Assert.Contains("BodyTimeout", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_below_the_least_rate_is_answered_with_back_off()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MinBodyBytesPerSecond = 1 << 20);
        using RawConnection slow = await RawConnection.OpenAsync(collector.HttpUrl);
        await slow.PostAsync(Body.Length);
        await slow.SendAsync(Body.AsMemory(0, 10));

        string answer = Encoding.UTF8.GetString(await slow.ReadToEndAsync(Bound));

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_do_not_arrive_end_the_connection()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.HeadersTimeout = TimeSpan.FromSeconds(1));
        using RawConnection slow = await RawConnection.OpenAsync(collector.HttpUrl);
        await slow.SendAsync("POST /v1/traces HTTP/1.1\r\nHost: te");

        string answer = Encoding.UTF8.GetString(await slow.ReadToEndAsync(Bound));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_do_nothing_are_closed()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o =>
        {
            o.Limits.IdleTimeout = TimeSpan.FromSeconds(1);
            o.Limits.HeadersTimeout = TimeSpan.FromSeconds(1);
        });
        using RawConnection http = await RawConnection.OpenAsync(collector.HttpUrl);
        using RawConnection grpc = await RawConnection.OpenHttp2Async(collector.GrpcUrl);

        await http.ReadToEndAsync(Bound);
        await grpc.ReadToEndAsync(Bound);
    }

    [Fact]
    public async Task An_http_2_connection_that_answers_no_ping_is_closed_though_it_has_a_call()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o =>
        {
            (o.Limits.PingDelay, o.Limits.PingTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            o.Limits.MinBodyBytesPerSecond = 0;
        });
        using RawConnection gone = await RawConnection.OpenHttp2Async(collector.GrpcUrl);
        await gone.SendAsync(RawConnection.CallHeaders(1));

        await gone.ReadToEndAsync(Bound);
    }

    [Fact]
    public async Task Large_promises_of_many_slow_clients_do_not_keep_others_out()
    {
        const int Clients = 100;
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxInFlightBytes = 32 << 20);
        List<RawConnection> slow = await OpenManyAsync(collector.HttpUrl, Clients);
        try
        {
            foreach (RawConnection connection in slow)
            {
                await connection.PostAsync(16_000_000);
                await connection.SendAsync(Body.AsMemory(0, 10));
            }

            await AssertServedAsync(collector);
        }
        finally
        {
            slow.ForEach(c => c.Dispose());
        }
    }

    [Fact]
    public async Task Two_thousand_idle_connections_do_not_keep_others_out_and_more_than_the_limit_are_closed_at_once()
    {
        const int Clients = 2000;
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxConnections = Clients);
        List<RawConnection> idle = await OpenManyAsync(collector.HttpUrl, Clients - 1);
        try
        {
            await AssertServedAsync(collector);

            // The client that was served has taken the last place, and keeps it.
            using RawConnection refused = await RawConnection.OpenAsync(collector.HttpUrl);
            Assert.Empty(await refused.ReadToEndAsync(Bound));
            await AssertServedAsync(collector);
        }
        finally
        {
            idle.ForEach(c => c.Dispose());
        }

        await AssertServedAnewAsync(collector);
    }

    [Fact]
    public async Task What_is_half_closed_in_the_middle_of_a_body_leaves_nothing_behind()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxInFlightBytes = 1 << 20);
        for (int i = 0; i < 100; i++)
        {
            // Together far over the budget, if what they held were not given back.
            using RawConnection half = await RawConnection.OpenAsync(collector.HttpUrl);
            await half.PostAsync(500_000);
            await half.SendAsync(new byte[60_000]);
            half.HalfClose();
            await half.ReadToEndAsync(Bound);
        }

        await AssertServedAsync(collector);
        Assert.Single(collector.Log.Records);
    }

    [Fact]
    public async Task Calls_that_are_begun_and_never_ended_are_ended_here_and_others_are_served()
    {
        const int Streams = 100;
        await using RunningCollector collector = await RunningCollector.StartAsync(o =>
        {
            o.Limits.BodyTimeout = TimeSpan.FromMilliseconds(500);
            o.Limits.IdleTimeout = TimeSpan.FromSeconds(1);
        });
        using RawConnection half = await RawConnection.OpenHttp2Async(collector.GrpcUrl);
        for (int i = 0; i < Streams; i++)
        {
            await half.SendAsync(RawConnection.CallHeaders((2 * i) + 1));
        }

        Assert.Equal(0, (await collector.CallAsync(RunningCollector.Frame(Body))).Status);

        // Each call gets its answer; then the connection is idle, and is closed.
        byte[] answers = await half.ReadToEndAsync(Bound);
        Assert.True(answers.Length > Streams * 20, $"only {answers.Length} bytes of answers");
    }

    [Fact]
    public async Task Streams_that_are_reset_at_once_by_the_thousand_do_not_keep_others_out()
    {
        const int Streams = 5000;
        await using RunningCollector collector = await RunningCollector.StartAsync();
        using RawConnection attacker = await RawConnection.OpenHttp2Async(collector.GrpcUrl);
        try
        {
            for (int i = 0; i < Streams; i++)
            {
                await attacker.SendAsync((byte[])[.. RawConnection.CallHeaders((2 * i) + 1), .. RawConnection.Reset((2 * i) + 1)]);
            }
        }
        catch (SocketException)
        {
            // Told to be calm, and closed while we were at it.
        }

        Assert.Equal(0, (await collector.CallAsync(RunningCollector.Frame(Body))).Status);
        await AssertServedAsync(collector);
    }

    private static async Task<List<RawConnection>> OpenManyAsync(Uri url, int count)
    {
        var connections = new List<RawConnection>();
        for (int i = 0; i < count; i++)
        {
            connections.Add(await RawConnection.OpenAsync(url));
        }

        return connections;
    }

    private static async Task AssertServedAsync(RunningCollector collector) => Assert.Equal(HttpStatusCode.OK, (await collector.PostAsync(Body)).Response.StatusCode);

    // On a connection of its own, as soon as the places that were given up are free.
    private static async Task AssertServedAnewAsync(RunningCollector collector)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (true)
        {
            using var http = new HttpClient();
            try
            {
                var content = new ByteArrayContent(Body);
                content.Headers.ContentType = new("application/x-protobuf");
                using HttpResponseMessage answer = await http.PostAsync(new Uri(collector.HttpUrl, "/v1/traces"), content, limit.Token);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                limit.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
