using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Telemetry.Collector;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// Whole requests of both transports over streams in memory, in pieces of any size, compressed or not: answered, never with an unexpected failure, and all memory is given back.
/// Control bytes: 0: 1 HTTP, 2 JSON, 4 logs, 8 the body is compressed here, 16 the frame is made here; 1: encoding; 2: size of the pieces; 3: deadline.
/// </summary>
internal sealed class ReceiveTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "receive";

    private const int Http = 1;
    private const int Json = 2;
    private const int Logs = 4;
    private const int CompressHere = 8;
    private const int FrameHere = 16;

    private static readonly string[] Encodings = ["", "gzip", "deflate", "identity", "none", "GZIP", "br", " gzip", "gzip, deflate"];
    private static readonly string[] Deadlines = ["", "", "", "", "10S", "1H", "99999999H", "99999999M", "0S", "1n", "00000000u", "S", "5", "-1S", "123456789S", "1x", "\u00661S"];

    private readonly CollectorOptions _options = new();
    private readonly ExportHandler _handler;
    private readonly OtlpEndpoint _endpoint;
    private readonly ErrorLog<HttpBodies> _httpErrors = new();
    private readonly ErrorLog<GrpcReceiver> _grpcErrors = new();
    private readonly HttpReceiver _http;
    private readonly GrpcReceiver _grpc;
    private readonly TenantState _tenant = new("default", "default", isNamed: false, TimeProvider.System);

    public ReceiveTarget()
    {
        _options.Limits.MaxBodyBytes = 48 << 10;
        _options.Limits.MaxDecompressedBytes = 1 << 20;
        _options.Limits.MaxInFlightBytes = 4 << 20;
        var budget = new InFlightBudget(_options.Limits.MaxInFlightBytes, _options.Limits.RetryAfter);
        _handler = new ExportHandler(_options, new SwallowingLog(), budget);
        _endpoint = new OtlpEndpoint(_options, _handler, budget);
        _http = new HttpReceiver(_endpoint, new HttpBodies(_endpoint, _httpErrors));
        _grpc = new GrpcReceiver(_endpoint, _grpcErrors);
        Seeds = [.. MakeSeeds()];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "OTLP/gRPC and OTLP/HTTP requests: framing, split reads, gzip and deflate, bombs";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.None;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words => [];

    /// <inheritdoc />
    public int ControlBytes => 4;

    /// <inheritdoc />
    public void Dispose() => _handler.Dispose();

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => 16L << 20;

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        int control = input[0];
        string encoding = Encodings[input[1] % Encodings.Length];
        byte[] body = Body(control, encoding, input[ControlBytes..]);
        var context = new DefaultHttpContext();
        var trailers = new Trailers();
        context.Features.Set<IHttpResponseTrailersFeature>(trailers);
        using var answer = new MemoryStream();
        using var stream = new PieceStream(body, 1 + (input[2] * input[2]));
        context.Response.Body = answer;
        context.Request.Method = "POST";
        context.Request.Body = stream;
        context.Request.ContentLength = (input[2] & 1) == 0 ? body.Length : null;
        if ((control & Http) != 0)
        {
            RunHttp(context, control, encoding, answer);
        }
        else
        {
            RunGrpc(context, control, encoding, Deadlines[input[3] % Deadlines.Length], answer, trailers);
        }

        if (_endpoint.Budget.Bytes != 0)
        {
            throw new FuzzFailureException($"{_endpoint.Budget.Bytes} bytes were not given back to the budget");
        }
    }

    private void RunHttp(DefaultHttpContext context, int control, string encoding, MemoryStream answer)
    {
        bool json = (control & Json) != 0;
        context.Request.Path = (control & Logs) != 0 ? "/v1/logs" : "/v1/traces";
        context.Request.ContentType = json ? "application/json" : "application/x-protobuf";
        context.Request.Headers.ContentEncoding = encoding;
        Finish(_http.HandleAsync(context, _tenant), _httpErrors);
        if (context.Response.StatusCode is not (200 or 400 or 413 or 429))
        {
            throw new FuzzFailureException($"HTTP status {context.Response.StatusCode}");
        }

        if (json)
        {
            using JsonDocument _ = JsonDocument.Parse(answer.ToArray());
        }
    }

    private void RunGrpc(DefaultHttpContext context, int control, string encoding, string deadline, MemoryStream answer, Trailers trailers)
    {
        context.Request.Path = (control & Logs) != 0 ? "/opentelemetry.proto.collector.logs.v1.LogsService/Export" : "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
        context.Request.ContentType = "application/grpc+proto";
        context.Request.Headers["grpc-encoding"] = encoding;
        context.Request.Headers["grpc-timeout"] = deadline;
        Finish(_grpc.HandleAsync(context, _tenant), _grpcErrors);
        string status = trailers.All["grpc-status"].ToString();
        bool known = status is "0" or "3" or "4" or "8" or "12";
        if (!known || context.Response.StatusCode != 200)
        {
            throw new FuzzFailureException($"HTTP status {context.Response.StatusCode}, grpc-status {status}");
        }

        if (trailers.All["grpc-message"].ToString().Any(c => c is < ' ' or > '~'))
        {
            throw new FuzzFailureException("grpc-message is not printable ASCII");
        }

        ReadOnlySpan<byte> frame = answer.ToArray();
        if (status == "0" ? frame.Length < 5 || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - 5 : frame.Length > 0)
        {
            throw new FuzzFailureException($"the answer of status {status} has {frame.Length} bytes");
        }
    }

    private static void Finish(Task task, IErrorLog errors)
    {
        task.GetAwaiter().GetResult();
        if (errors.Take() is { } error)
        {
            throw new FuzzFailureException($"unexpected: {error.GetType()}", error);
        }
    }

    private static byte[] Body(int control, string encoding, ReadOnlySpan<byte> given)
    {
        byte[] body = (control & CompressHere) != 0 ? Compress(given, encoding) : given.ToArray();
        if ((control & Http) != 0 || (control & FrameHere) == 0)
        {
            return body;
        }

        byte[] frame = new byte[5 + body.Length];
        frame[0] = encoding.Length > 0 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Compress(ReadOnlySpan<byte> plain, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" or "GZIP" => new GZipStream(packed, CompressionLevel.Fastest),
            "deflate" when plain.Length % 2 == 0 => new ZLibStream(packed, CompressionLevel.Fastest),
            "deflate" => new DeflateStream(packed, CompressionLevel.Fastest),
            _ => new MemoryStream(),
        })
        {
            stream.Write(plain);
        }

        byte[] bytes = packed.ToArray();
        return bytes.Length > 0 ? bytes : plain.ToArray();
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        byte[] traces = OtlpSeeds.Traces();
        byte[] logs = OtlpSeeds.Logs();
        byte[] json = Captures.Bodies(".json").First();
        byte[] zeros = new byte[4 << 20];
        yield return Captures.With(traces, FrameHere, 0, 200, 0);
        yield return Captures.With(traces, FrameHere | CompressHere, 1, 200, 4);
        yield return Captures.With(traces, FrameHere | CompressHere, 2, 3, 5);
        yield return Captures.With(logs, FrameHere | Logs, 0, 200, 0);
        yield return Captures.With(Body(FrameHere | CompressHere, "gzip", traces), 0, 1, 200, 0);
        yield return Captures.With(Body(FrameHere, "", traces), 0, 0, 200, 0);
        yield return Captures.With(traces, Http, 0, 200, 0);
        yield return Captures.With(logs, Http | Logs | CompressHere, 1, 200, 0);
        yield return Captures.With(json, Http | Json, 0, 200, 0);
        yield return Captures.With(json, Http | Json | CompressHere, 2, 200, 0);
        yield return Captures.With(Compress(json, "gzip"), Http | Json, 1, 200, 0);
        yield return Captures.With(Compress(traces, "deflate"), Http, 2, 9, 0);
        yield return Captures.With([0x78, 0xBB, 0, 0, 0, 1, .. traces], Http, 2, 200, 0);
        yield return Captures.With(Compress(zeros, "gzip"), Http, 1, 200, 0);
        yield return Captures.With(Compress(zeros, "deflate"), Http, 2, 200, 0);
        yield return Captures.With(Body(FrameHere | CompressHere, "gzip", zeros), 0, 1, 200, 0);
        foreach (byte[] body in Captures.Bodies(".bin.gz").Take(2))
        {
            yield return Captures.With(body, Http, 1, 200, 0);
        }
    }

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        public IHeaderDictionary All { get; private set; } = new HeaderDictionary();

        IHeaderDictionary IHttpResponseTrailersFeature.Trailers
        {
            get => All;
            set => All = value;
        }
    }
}
