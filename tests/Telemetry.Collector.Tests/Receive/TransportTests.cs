using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Tests.Receive;

// Alone, because one test measures what the whole process allocates.
[CollectionDefinition(nameof(TransportTests), DisableParallelization = true)]
[Collection(nameof(TransportTests))]
public class TransportTests
{
    public static TheoryData<string> Ways => ["http", "http gzip", "http deflate", "http raw deflate", "grpc", "grpc gzip"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Real_exporters_payloads_come_out_of_the_log_as_they_were_sent(string way)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        foreach ((string name, byte[] body) in Payloads.Captures("bin"))
        {
            await SendAsync(collector, way, body);
            Assert.Equal(Sorted(TracesData.Parser.ParseFrom(body)), Sorted(Taken(collector)));
            Assert.NotEmpty(name);
        }
    }

    [Theory]
    [InlineData("gzip", new byte[] { 1, 2, 3, 4 })]
    [InlineData("deflate", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData("deflate", new byte[] { 0x78, 0xBB, 0, 0, 0, 1, 3, 0 })]
    public async Task A_body_that_is_not_what_its_encoding_says_is_refused_for_good(string encoding, byte[] body)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        (HttpResponseMessage response, _) = await collector.PostAsync(body, encoding: encoding);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Real_exporters_JSON_comes_out_of_the_log_with_its_ids_and_names()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        foreach ((string name, byte[] body) in Payloads.Captures("json"))
        {
            (HttpResponseMessage response, byte[] answer) = await collector.PostAsync(body, "application/json");
            Assert.True(response.StatusCode == HttpStatusCode.OK, name);
            Assert.Equal("{}"u8.ToArray(), answer);
            using var json = System.Text.Json.JsonDocument.Parse(body);
            var sent = json.RootElement.GetProperty("resourceSpans").EnumerateArray()
                .SelectMany(r => r.GetProperty("scopeSpans").EnumerateArray()).SelectMany(s => s.GetProperty("spans").EnumerateArray())
                .Select(s => $"{s.GetProperty("traceId")} {s.GetProperty("spanId")} {s.GetProperty("name")} {s.GetProperty("endTimeUnixNano")} {s.GetProperty("attributes").GetArrayLength()}");
            var taken = Taken(collector).Spans().Select(s =>
                $"{Convert.ToHexStringLower(s.TraceId.Span)} {Convert.ToHexStringLower(s.SpanId.Span)} {s.Name} {s.EndTimeUnixNano} {s.Attributes.Count}");
            Assert.Equal(sent.Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_log_that_says_retry_is_answered_with_what_clients_retry()
    {
        var log = new MemoryLog { OnAppend = _ => Task.FromResult(AppendResult.Retry("the disk is full", TimeSpan.FromSeconds(7))) };
        await using RunningCollector collector = await RunningCollector.StartAsync(log: log);
        byte[] body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();
        (HttpResponseMessage response, _) = await collector.PostAsync(body);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "7"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
        (_, int status, Dictionary<string, string> trailers) = await collector.CallAsync(RunningCollector.Frame(body));
        Assert.Equal((14, "the disk is full"), (status, trailers["grpc-message"]));
        byte[] details = Convert.FromBase64String(trailers["grpc-status-details-bin"].PadRight((trailers["grpc-status-details-bin"].Length + 3) / 4 * 4, '='));
        Assert.Contains("google.rpc.RetryInfo", System.Text.Encoding.UTF8.GetString(details), StringComparison.Ordinal);
        Assert.Empty(log.Records);
    }

    [Fact]
    public async Task A_log_that_throws_is_told_as_unavailable_never_as_an_internal_error()
    {
        var log = new MemoryLog { OnAppend = _ => throw new IOException("boom") };
        await using RunningCollector collector = await RunningCollector.StartAsync(log: log);
        byte[] body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await collector.PostAsync(body)).Response.StatusCode);
        Assert.Equal(14, (await collector.CallAsync(RunningCollector.Frame(body))).Status);
    }

    [Fact]
    public async Task A_log_that_never_answers_is_given_up_on_at_the_clients_deadline_or_ours()
    {
        var log = new MemoryLog { OnAppend = async c => { await Task.Delay(Timeout.Infinite, c); return AppendResult.Durable; } };
        await using RunningCollector patient = await RunningCollector.StartAsync(o => o.Limits.AppendTimeout = TimeSpan.FromMinutes(1), log);
        await using RunningCollector hasty = await RunningCollector.StartAsync(o => o.Limits.AppendTimeout = TimeSpan.FromMilliseconds(300), log);
        byte[] body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();
        Assert.Equal(4, (await patient.CallAsync(RunningCollector.Frame(body), timeout: "50m")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await hasty.PostAsync(body)).Response.StatusCode);
    }

    [Fact]
    public async Task Rejected_spans_are_told_by_partial_success_and_the_others_are_kept()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        Span bad = Payloads.GenAi(1, 1);
        bad.TraceId = ByteString.Empty;
        byte[] body = Payloads.Request(bad, Payloads.GenAi(1, 2)).ToByteArray();
        (HttpResponseMessage response, byte[] answer) = await collector.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, ExportTraceServiceResponse.Parser.ParseFrom(answer).PartialSuccess.RejectedSpans);
        (byte[] message, int status, _) = await collector.CallAsync(RunningCollector.Frame(body));
        Assert.Equal(0, status);
        Assert.Contains("trace_id", ExportTraceServiceResponse.Parser.ParseFrom(message).PartialSuccess.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(2, Taken(collector).Spans().Count());
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_for_good_before_it_fills_memory()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxDecompressedBytes = 1 << 20);
        byte[] bomb = Compress(new byte[200 << 20], s => new GZipStream(s, CompressionLevel.Fastest));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await collector.PostAsync(bomb, encoding: "gzip")).Response.StatusCode);
        (_, int status, Dictionary<string, string> trailers) = await collector.CallAsync(RunningCollector.Frame(bomb, compressed: true), "gzip");
        Assert.Equal(8, status);
        Assert.DoesNotContain("RetryInfo", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(
            trailers["grpc-status-details-bin"].PadRight((trailers["grpc-status-details-bin"].Length + 3) / 4 * 4, '='))), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 40 << 20);
    }

    [Theory]
    [InlineData("/v1/metrics", "application/x-protobuf", null, 404)]
    [InlineData("/v1/traces", "text/plain", null, 415)]
    [InlineData("/v1/traces", "application/x-protobuf", "gzip", 400)]
    [InlineData("/v1/traces", "application/x-protobuf", "br", 400)]
    [InlineData("/v1/traces", "application/x-protobuf", null, 400)]
    [InlineData("/v1/traces", "application/json", null, 400)]
    public async Task What_cannot_be_taken_over_HTTP_is_refused_for_good(string path, string type, string? encoding, int status)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        Assert.Equal(status, (int)(await collector.PostAsync([0x0A, 0xFF, 0x01], type, encoding, path)).Response.StatusCode);
    }

    [Theory]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"\\ud800\"}]}]}]}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"zz\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"kind\":\"\\udfff\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":")]
    [InlineData("[]")]
    public async Task JSON_that_no_retry_would_cure_is_refused_for_good(string json)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await collector.PostAsync(System.Text.Encoding.UTF8.GetBytes(json), "application/json")).Response.StatusCode);
    }

    [Fact]
    public async Task JSON_nested_without_end_is_refused_for_good()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        byte[] bomb = [.. "{\"x\":"u8, .. Enumerable.Repeat((byte)'[', 1_000_000)];
        Assert.Equal(HttpStatusCode.BadRequest, (await collector.PostAsync(bomb, "application/json")).Response.StatusCode);
    }

    [Theory]
    [InlineData("opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "0000000000", 12)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService/Export", "00", 3)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService/Export", "0000000009AB", 3)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService/Export", "00000000000000000000", 3)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService/Export", "0100000000", 12)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService/Export", "0000000000", 0)]
    public async Task Frames_and_methods_over_gRPC_get_the_status_that_the_protocol_asks_for(string method, string frame, int status)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        Assert.Equal(status, (await collector.CallAsync(Convert.FromHexString(frame), method: method)).Status);
    }

    [Fact]
    public async Task More_than_the_bytes_in_flight_is_answered_with_back_off()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxInFlightBytes = 1 << 20);
        byte[] body = Payloads.Request(Payloads.Span(1, 1, ("gen_ai.x", new string('a', 3 << 20)))).ToByteArray();
        (HttpResponseMessage response, _) = await collector.PostAsync(body);
        Assert.Equal((HttpStatusCode)429, response.StatusCode);
        Assert.True(response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task A_request_that_waits_for_the_log_is_still_answered_when_the_Collector_stops()
    {
        var entered = new TaskCompletionSource();
        var durable = new TaskCompletionSource<AppendResult>();
        var log = new MemoryLog { OnAppend = _ => { entered.TrySetResult(); return durable.Task; } };
        await using RunningCollector collector = await RunningCollector.StartAsync(log: log);
        var answer = collector.PostAsync(Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray());
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Task stopped = collector.StopAsync();
        Assert.False(stopped.IsCompleted || answer.IsCompleted);
        durable.SetResult(AppendResult.Durable);
        Assert.Equal(HttpStatusCode.OK, (await answer).Response.StatusCode);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Single(log.Records);
    }

    private static async Task SendAsync(RunningCollector collector, string way, byte[] body)
    {
        switch (way)
        {
            case "grpc": Assert.Equal(0, (await collector.CallAsync(RunningCollector.Frame(body))).Status); break;
            case "grpc gzip": Assert.Equal(0, (await collector.CallAsync(RunningCollector.Frame(Gzip(body), compressed: true), "gzip")).Status); break;
            case "http": await AssertOk(collector.PostAsync(body)); break;
            case "http gzip": await AssertOk(collector.PostAsync(Gzip(body), encoding: "gzip")); break;
            case "http deflate": await AssertOk(collector.PostAsync(Compress(body, s => new ZLibStream(s, CompressionLevel.Fastest)), encoding: "deflate")); break;
            default: await AssertOk(collector.PostAsync(Compress(body, s => new DeflateStream(s, CompressionLevel.Fastest)), encoding: "deflate")); break;
        }
    }

    private static async Task AssertOk(Task<(HttpResponseMessage Response, byte[] Body)> sent)
    {
        (HttpResponseMessage response, byte[] body) = await sent;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(body);
    }

    private static byte[] Gzip(byte[] body) => Compress(body, s => new GZipStream(s, CompressionLevel.Fastest));

    private static byte[] Compress(byte[] body, Func<Stream, Stream> compressor)
    {
        using var target = new MemoryStream();
        using (Stream stream = compressor(target))
        {
            stream.Write(body);
        }

        return target.ToArray();
    }

    // Takes the records out of the log, so that each request is looked at alone.
    private static TracesData Taken(RunningCollector collector)
    {
        var all = new TracesData();
        while (collector.Log.Records.TryDequeue(out var record))
        {
            all.MergeFrom(record.Value);
        }

        return all;
    }

    private static IEnumerable<string> Sorted(TracesData data) => data.Spans().Select(s => Convert.ToHexString(s.ToByteArray())).Order(StringComparer.Ordinal);
}
