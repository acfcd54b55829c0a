using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Telemetry.Collector.Tests.Support;

/// <summary>A Collector on free loopback ports over a log in memory, and clients that speak to it over real sockets.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    private readonly CollectorServer _server;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private RunningCollector(CollectorServer server, MemoryLog log) => (_server, Log) = (server, log);

    public MemoryLog Log { get; }

    public Uri HttpUrl => _server.HttpUrl;

    public Uri GrpcUrl => _server.GrpcUrl;

    public static async Task<RunningCollector> StartAsync(Action<CollectorOptions>? change = null, MemoryLog? log = null)
    {
        var options = new CollectorOptions { Grpc = { Port = 0 }, Http = { Port = 0 } };
        change?.Invoke(options);
        log ??= new MemoryLog();
        var server = new CollectorServer(options, log, NullLoggerFactory.Instance, TimeProvider.System);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new RunningCollector(server, log);
    }

    public async Task<(HttpResponseMessage Response, byte[] Body)> PostAsync(
        byte[] body, string type = "application/x-protobuf", string? encoding = null, string path = "/v1/traces")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        HttpResponseMessage response = await _client.PostAsync(new Uri(HttpUrl, path), content, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static byte[] Frame(byte[] message, bool compressed = false)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>One unary call; gives the message without its frame, the status and the trailers.</summary>
    public async Task<(byte[] Message, int Status, Dictionary<string, string> Trailers)> CallAsync(
        byte[] frame, string? encoding = null, string? timeout = null, string method = "opentelemetry.proto.collector.trace.v1.TraceService/Export",
        params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.GrpcUrl, "/" + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Add("grpc-encoding", encoding ?? "identity");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }

        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var trailers = response.TrailingHeaders.Concat(response.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        return (body.Length >= 5 ? body[5..] : body, int.Parse(trailers["grpc-status"], System.Globalization.CultureInfo.InvariantCulture), trailers);
    }

    public Telemetry.Hosting.Health.IReadinessCheck KeysCheck => _server.KeysCheck;

    public string? TlsProblem => _server.TlsProblem;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, TestContext.Current.CancellationToken);

    public Task StopAsync() => _server.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync(TestContext.Current.CancellationToken);
        await _server.DisposeAsync();
    }
}
