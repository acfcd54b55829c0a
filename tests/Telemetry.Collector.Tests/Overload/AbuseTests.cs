using System.Net;
using System.Text;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;

namespace Telemetry.Collector.Tests.Overload;

// Alone, because they measure what the whole process allocates.
[CollectionDefinition(nameof(AbuseTests), DisableParallelization = true)]
[Collection(nameof(AbuseTests))]
public class AbuseTests
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);
    private static readonly byte[] s_good = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();

    [Fact]
    public async Task Protobuf_nested_twenty_thousand_deep_rejects_the_span()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();

        // Written from the inside out: AnyValue of ArrayValue of AnyValue and so on.
        byte[] value = [10, 1, (byte)'x'];
        for (int i = 0; i < 10_000; i++)
        {
            value = Field(5, Field(1, value));
        }

        byte[] span = [.. Request([.. Ids(), .. Field(9, [.. Field(1, "gen_ai.operation.name"u8), .. Field(2, value)])])];
        (HttpResponseMessage response, byte[] body) = await collector.PostAsync(span);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest || Encoding.UTF8.GetString(body).Contains("nest", StringComparison.Ordinal), $"{response.StatusCode}");
        Assert.Empty(collector.Log.Records);
        await StillWorksAsync(collector);
    }

    [Fact]
    public async Task Millions_of_fields_and_of_empty_messages_take_no_more_than_their_bytes()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        byte[] unknown = [.. Enumerable.Repeat((byte[])[0x98, 0x06, 1], 2_000_000).SelectMany(b => b)];
        byte[] empty = [.. Enumerable.Repeat((byte[])[0x0A, 0], 4_000_000).SelectMany(b => b)];
        byte[] spans = Request([.. Enumerable.Repeat((byte[])[0x4A, 0], 2_000_000).SelectMany(b => b)]);
        long before = GC.GetTotalAllocatedBytes();
        foreach (byte[] body in (byte[][])[unknown, empty, spans])
        {
            HttpStatusCode status = (await collector.PostAsync(body)).Response.StatusCode;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{status}");
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 500L << 20);
        Assert.Empty(collector.Log.Records);
        await StillWorksAsync(collector);
    }

    [Fact]
    public async Task A_flood_of_headers_is_cut_off()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        using (RawConnection many = await RawConnection.OpenAsync(collector.HttpUrl))
        {
            await many.SendAsync("POST /v1/traces HTTP/1.1\r\nHost: test\r\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"x-{i}: {i}\r\n")));
            Assert.StartsWith("HTTP/1.1 431", Encoding.ASCII.GetString(await many.ReadToEndAsync(s_bound)), StringComparison.Ordinal);
        }

        using (RawConnection large = await RawConnection.OpenAsync(collector.HttpUrl))
        {
            await large.SendAsync("POST /v1/traces HTTP/1.1\r\nHost: test\r\nx: " + new string('a', 40 << 10) + "\r\n");
            Assert.StartsWith("HTTP/1.1 431", Encoding.ASCII.GetString(await large.ReadToEndAsync(s_bound)), StringComparison.Ordinal);
        }

        using (RawConnection line = await RawConnection.OpenAsync(collector.HttpUrl))
        {
            await line.SendAsync("POST /" + new string('a', 40 << 10));
            Assert.StartsWith("HTTP/1.1 414", Encoding.ASCII.GetString(await line.ReadToEndAsync(s_bound)), StringComparison.Ordinal);
        }

        await StillWorksAsync(collector);
    }

    [Fact]
    public async Task Headers_that_go_on_for_ever_in_HTTP2_end_the_connection()
    {
        const byte Continuation = 9;
        await using RunningCollector collector = await RunningCollector.StartAsync();
        byte[] piece = RawConnection.Frame(Continuation, 0, 1, [.. Enumerable.Repeat((byte[])[0, 1, (byte)'x', 120, .. Enumerable.Repeat((byte)'y', 120)], 100).SelectMany(b => b)]);
        long before = GC.GetTotalAllocatedBytes();
        using RawConnection connection = await RawConnection.OpenHttp2Async(collector.GrpcUrl);
        await connection.SendAsync(RawConnection.Frame(1, 0, 1, []));
        Assert.True(await FloodAsync(connection, piece, 20_000), "the connection was never closed");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100L << 20);
        await StillWorksAsync(collector);
    }

    [Theory]
    [InlineData("settings")]
    [InlineData("ping")]
    [InlineData("empty data")]
    [InlineData("window update")]
    [InlineData("priority")]
    public async Task A_flood_of_frames_that_say_nothing_takes_no_memory_and_harms_nobody(string kind)
    {
        byte[] frame = kind switch
        {
            "settings" => RawConnection.Frame(4, 0, 0, [0, 1, 0, 0, 16, 0]),
            "ping" => RawConnection.Frame(6, 0, 0, new byte[8]),
            "empty data" => RawConnection.Frame(0, 0, 1, []),
            "window update" => RawConnection.Frame(8, 0, 0, [0, 0, 0, 1]),
            _ => RawConnection.Frame(2, 0, 3, [0, 0, 0, 0, 16]),
        };
        byte[] many = [.. Enumerable.Repeat(frame, 1000).SelectMany(f => f)];
        await using RunningCollector collector = await RunningCollector.StartAsync();
        using RawConnection connection = await RawConnection.OpenHttp2Async(collector.GrpcUrl);
        await connection.SendAsync(RawConnection.CallHeaders(1));
        long before = GC.GetTotalAllocatedBytes();

        // Nobody reads the answers, so the far side may also simply stop listening.
        await FloodAsync(connection, many, 300);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 300L << 20);
        await StillWorksAsync(collector);
    }

    [Theory]
    [InlineData("/v1/traces/../../etc/passwd")]
    [InlineData("/v1/traces%00")]
    [InlineData("/%2e%2e/v1/traces")]
    [InlineData("/v1/traces;/v1/logs")]
    [InlineData("/v1/traces?topic=../../etc")]
    public async Task Paths_that_play_tricks_reach_nothing_but_the_log(string path)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        (HttpResponseMessage response, _) = await collector.PostAsync(s_good, path: path);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{response.StatusCode}");
        Assert.All(collector.Log.Records, r => Assert.Equal("llm.spans", r.Topic));
    }

    // False when everything was taken.
    private static async Task<bool> FloodAsync(RawConnection connection, byte[] bytes, int times)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            for (int i = 0; i < times; i++)
            {
                await connection.SendWithinAsync(bytes, limit.Token);
            }

            return false;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task StillWorksAsync(RunningCollector collector)
    {
        Assert.Equal(HttpStatusCode.OK, (await collector.PostAsync(s_good)).Response.StatusCode);
        Assert.Equal(0, (await collector.CallAsync(RunningCollector.Frame(s_good))).Status);
    }

    private static byte[] Ids() => [.. Field(1, [.. Enumerable.Repeat((byte)7, 16)]), .. Field(2, [.. Enumerable.Repeat((byte)9, 8)])];

    private static byte[] Request(byte[] span) => Field(1, Field(2, Field(2, span)));

    private static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return bytes.ToArray();
    }
}
