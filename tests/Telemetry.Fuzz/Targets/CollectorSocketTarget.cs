using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Telemetry.Collector;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// The Collector on real sockets. Control bytes: 0: 1 a gRPC call over HTTP/2 with the input as its body, otherwise the input is all that an HTTP/1.1 client sends,
/// 2 logs, 4 the frame is made here; 1: grpc-encoding.
/// </summary>
internal sealed class CollectorSocketTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "collector-socket";

    private const int Grpc = 1;
    private const int Logs = 2;
    private const int FrameHere = 4;
    private const int StatusFailed = 500;

    private static readonly string[] Encodings = ["", "gzip", "deflate", "identity", "br"];

    private readonly ErrorLogs _errors = new();
    private readonly CollectorServer _server;
    private readonly RawHttp _raw;
    private readonly HttpClient _grpc = new() { Timeout = TimeSpan.FromSeconds(20) };

    public CollectorSocketTarget()
    {
        var options = new CollectorOptions();
        options.Grpc.Port = options.Http.Port = 0;
        options.Limits.MaxBodyBytes = 48 << 10;
        options.Limits.MaxDecompressedBytes = 1 << 20;
        _server = new CollectorServer(options, new SwallowingLog(), _errors, TimeProvider.System);
        _server.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        _raw = new RawHttp(_server.HttpUrl);
        byte[] traces = OtlpSeeds.Traces();
        Seeds =
        [
            Captures.With(Http("/v1/traces", "application/x-protobuf", traces), 0, 0), Captures.With(Http("/v1/logs", "application/x-protobuf", OtlpSeeds.Logs()), 0, 0),
            Captures.With(Http("/v1/traces", "application/json", Captures.Bodies(".json").First()), 0, 0), Captures.With(Chunked(traces), 0, 0),
            Captures.With([.. Http("/v1/traces", "application/x-protobuf", traces), .. Http("/v1/metrics", "application/json", [])], 0, 0),
            Captures.With(traces, Grpc | FrameHere, 0), Captures.With(OtlpSeeds.Logs(), Grpc | Logs | FrameHere, 0), Captures.With(Captures.Bodies(".bin.gz").First(), Grpc | FrameHere, 1),
        ];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "The Collector on real sockets: HTTP/1.1 byte by byte, gRPC calls over HTTP/2";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Text;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; } = Captures.Words(
        "\r\n", "\r\n\r\n", "Content-Length: ", "Content-Length: 99999999999", "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Type: application/json", "Expect: 100-continue", "POST ", "GET ",
        "/v1/traces", "/v1/logs", " HTTP/1.1", " HTTP/1.0", "Host: a", "Connection: keep-alive", "Upgrade: h2c", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "0\r\n\r\n", "ffffffff\r\n", "%00", "%2F", "{", "}");

    /// <inheritdoc />
    public int ControlBytes => 2;

    /// <inheritdoc />
    public void Dispose()
    {
        _grpc.Dispose();
        _server.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The server's memory is not this thread's.</summary>
    public long AllocationLimit(int inputLength) => 64L << 20;

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        if ((input[0] & Grpc) != 0)
        {
            RunGrpc(input[ControlBytes..].ToArray(), input[0], Encodings[input[1] % Encodings.Length]);
        }
        else
        {
            RunHttp(input[ControlBytes..]);
        }

        if (_errors.Take() is { } error)
        {
            throw new FuzzFailureException($"unexpected: {error.GetType()}", error);
        }
    }

    private void RunHttp(ReadOnlySpan<byte> request)
    {
        string answer = _raw.Exchange(request);
        int status = RawHttp.StatusOf(answer);
        if (status == StatusFailed || (status == 0 && answer.Length > 0))
        {
            throw new FuzzFailureException($"answered with {answer[..Math.Min(answer.Length, 200)]}");
        }
    }

    private void RunGrpc(byte[] body, int control, string encoding)
    {
        if ((control & FrameHere) != 0)
        {
            byte[] header = new byte[5];
            header[0] = encoding.Length > 0 ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), (uint)body.Length);
            body = [.. header, .. body];
        }

        string service = (control & Logs) != 0 ? "logs.v1.LogsService" : "trace.v1.TraceService";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.GrpcUrl, $"/opentelemetry.proto.collector.{service}/Export"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        using HttpResponseMessage response = _grpc.SendAsync(request).GetAwaiter().GetResult();
        response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        string status = response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values.First() : "none";
        if (response.StatusCode != HttpStatusCode.OK || status is not ("0" or "3" or "8" or "12"))
        {
            throw new FuzzFailureException($"HTTP status {(int)response.StatusCode}, grpc-status {status}");
        }
    }

    private static byte[] Http(string path, string type, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static byte[] Chunked(byte[] body) =>
    [
        .. "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n"u8, .. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8,
    ];
}
