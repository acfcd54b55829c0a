using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;
using Telemetry.Keys;
using Telemetry.Otlp;

namespace Telemetry.Collector.Tests.Authenticate;

public sealed class GateTests : IDisposable
{
    private static readonly byte[] s_body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();

    private readonly KeyRingFile _keys = new();

    public static TheoryData<string> Ways => ["http authorization", "http x-api-key", "grpc authorization", "grpc x-api-key"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Spans_are_of_the_tenant_whose_key_brought_them_whatever_they_say(string way)
    {
        string acme = _keys.Create("acme");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        TracesData forged = Payloads.Request(Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), ("tenant", "globex"), ("telemetry.tenant", "globex")));
        forged.ResourceSpans[0].Resource.Attributes.Add(new KeyValue { Key = "tenant", Value = new AnyValue { StringValue = "globex" } });
        Assert.Equal(200, await SendAsync(collector, way, acme, forged.ToByteArray()));
        Assert.Equal("acme", TenantOf(collector.Log.Records.Single().Value));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Without_a_key_that_is_taken_nothing_gets_in(string way)
    {
        string revoked = _keys.Create("acme");
        _keys.Revoke(revoked);
        string feedback = _keys.Create("acme", KeyScopes.Feedback);
        string mine = _keys.Create("acme");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        foreach (string wrong in (string[])["", "tk_", mine[..^1], mine + "a", mine.ToUpperInvariant(), KeyText.Create(), revoked, new string('x', 20_000)])
        {
            Assert.Equal(401, await SendAsync(collector, way, wrong, s_body));
        }

        Assert.Equal(403, await SendAsync(collector, way, feedback, s_body));
        Assert.Equal(200, await SendAsync(collector, way, mine, s_body));
        Assert.Single(collector.Log.Records);
    }

    [Fact]
    public async Task The_gate_stands_before_every_path_and_method_and_before_the_body()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        using var client = new HttpClient();
        foreach (string path in (string[])["/", "/v1/traces", "/v1/logs", "/v1/metrics", "/v1/feedback", "/metrics", "/V1/TRACES", "//v1/traces", "/v1/traces/../logs"])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Options])
            {
                using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(method, new Uri(collector.HttpUrl.ToString().TrimEnd('/') + path)), TestContext.Current.CancellationToken);
                Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.Single().Scheme));
            }
        }

        // A body is promised and never sent: the answer does not wait for it.
        using RawConnection raw = await RawConnection.OpenAsync(collector.HttpUrl);
        await raw.PostAsync(contentLength: 1 << 20);
        Assert.StartsWith("HTTP/1.1 401", Encoding.ASCII.GetString(await raw.ReadToEndAsync(TimeSpan.FromSeconds(20))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_in_one_request_are_none()
    {
        string mine = _keys.Create("acme");
        string other = _keys.Create("globex");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        using RawConnection raw = await RawConnection.OpenAsync(collector.HttpUrl);
        await raw.SendAsync($"POST /v1/traces HTTP/1.1\r\nHost: test\r\nConnection: close\r\nx-api-key: {mine}\r\nx-api-key: {other}\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401", Encoding.ASCII.GetString(await raw.ReadToEndAsync(TimeSpan.FromSeconds(20))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Created_rotated_and_revoked_keys_count_without_a_restart_and_a_broken_file_changes_nothing()
    {
        string first = _keys.Create("acme");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        Assert.Equal(200, await SendAsync(collector, "http x-api-key", first, s_body));
        string second = _keys.Create("globex");
        await Eventually(async () => await SendAsync(collector, "http x-api-key", second, s_body) == 200);
        _keys.Revoke(first);
        await Eventually(async () => await SendAsync(collector, "http x-api-key", first, s_body) == 401);
        File.WriteAllText(_keys.Path, "{ broken");
        await Eventually(() => Task.FromResult(collector.KeysCheck.Figures["change_refused"] == 1));
        Assert.Null(collector.KeysCheck.NotReadyReason());
        Assert.Equal(200, await SendAsync(collector, "http x-api-key", second, s_body));
    }

    [Fact]
    public async Task A_record_of_another_tenant_is_not_taken_with_this_ones_key()
    {
        string acme = _keys.Create("acme");
        string globex = _keys.Create("globex");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use);
        await SendAsync(collector, "http x-api-key", acme, s_body);
        byte[] record = collector.Log.Records.Single().Value;
        Assert.Equal(403, await SendAsync(collector, "http x-api-key", globex, record));
        Assert.Equal(200, await SendAsync(collector, "grpc x-api-key", acme, record));
        Assert.Equal(["acme", "acme"], collector.Log.Records.Select(r => TenantOf(r.Value)));
    }

    [Fact]
    public async Task Every_record_names_its_tenant_and_is_still_OTLP()
    {
        string acme = _keys.Create("acme");
        await using RunningCollector collector = await RunningCollector.StartAsync(_keys.Use, new MemoryLog { MaxRecordBytes = 4096 });
        TracesData sent = Payloads.LlmShaped(200);
        await SendAsync(collector, "grpc x-api-key", acme, sent.ToByteArray());
        Assert.True(collector.Log.Records.Count > 20);
        Assert.All(collector.Log.Records, r => Assert.Equal("acme", TenantOf(r.Value)));
        Assert.Equal(200, collector.Log.Records.Sum(r => TracesData.Parser.ParseFrom(r.Value).Spans().Count()));
    }

    [Fact]
    public async Task In_open_mode_records_name_nobody_and_keys_are_not_looked_at()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        Assert.Equal(200, await SendAsync(collector, "http x-api-key", "anything", s_body));
        Assert.Null(TenantOf(collector.Log.Records.Single().Value));
    }

    public void Dispose() => _keys.Dispose();

    internal static string? TenantOf(byte[] record)
    {
        var input = new CodedInputStream(record);
        return input.ReadTag() == ((50_001 << 3) | 2) ? input.ReadString() : null;
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    // The HTTP status, for gRPC the one that says the same.
    private static async Task<int> SendAsync(RunningCollector collector, string way, string key, byte[] body)
    {
        (string, string)[] headers = key.Length == 0 ? [] : [way.EndsWith("x-api-key", StringComparison.Ordinal) ? ("x-api-key", key) : ("authorization", "Bearer " + key)];
        if (way.StartsWith("http", StringComparison.Ordinal))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(collector.HttpUrl, "/v1/traces")) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            Array.ForEach(headers, h => request.Headers.TryAddWithoutValidation(h.Item1, h.Item2));
            return (int)(await collector.SendAsync(request)).StatusCode;
        }

        (_, int status, _) = await collector.CallAsync(RunningCollector.Frame(body), headers: headers);
        return status switch { 0 => 200, 7 => 403, 8 => 429, 16 => 401, _ => -status };
    }
}
