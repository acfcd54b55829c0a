using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;

namespace Telemetry.Collector.Receive;

/// <summary>
/// OTLP/gRPC, unary, straight on HTTP/2: a five-byte frame header, the message, trailers (gRPC over HTTP/2 protocol). The raw bytes go
/// to admission without being decoded.
/// </summary>
internal sealed partial class GrpcReceiver(OtlpEndpoint endpoint, ILogger<GrpcReceiver> logger)
{
    private const int FrameHeader = 5;
    private const string ContentType = "application/grpc";

    /// <summary>Answers a call that goes no further.</summary>
    public static Task RefuseAsync(HttpContext context, ExportOutcome outcome)
    {
        CollectorMetrics.Request("grpc", OutcomeMapping.Label(outcome.Kind), TimeSpan.Zero);
        return AnswerAsync(context, outcome);
    }

    /// <summary>Answers one call of a tenant.</summary>
    public async Task HandleAsync(HttpContext context, TenantState tenant)
    {
        long started = Stopwatch.GetTimestamp();
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) != true || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        ExportOutcome? outcome = SignalOf(context.Request.Path) is { } signal
            ? await ExportAsync(context, signal, tenant)
            : new ExportOutcome(OutcomeKind.Unsupported, $"{context.Request.Path} is not served; served are TraceService/Export and LogsService/Export of opentelemetry.proto.collector");
        if (outcome is not null)
        {
            CollectorMetrics.Request("grpc", OutcomeMapping.Label(outcome.Value.Kind), Stopwatch.GetElapsedTime(started));
            await AnswerAsync(context, outcome.Value);
        }
    }

    private static Signal? SignalOf(PathString path) => path.Value switch
    {
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => Signal.Traces,
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => Signal.Logs,
        _ => null,
    };

    // Null when the client has gone away: there is nobody to answer.
    private async Task<ExportOutcome?> ExportAsync(HttpContext context, Signal signal, TenantState tenant)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var body = new RequestBody(endpoint.Limits, endpoint.Budget);
        try
        {
            if (Timeout(context.Request) is { } timeout)
            {
                deadline.CancelAfter(timeout);
            }

            int limit = endpoint.Limits.MaxBodyBytes + FrameHeader;
            await body.ReceiveAsync(context.Request.Body, context.Request.ContentLength, limit, "the message", deadline.Token);
            bool compressed = Unframe(body);
            if (compressed)
            {
                await body.InflateAsync(Encoding(context.Request), deadline.Token);
            }

            return await endpoint.ExportAsync(tenant, signal, body.Bytes, deadline.Token);
        }
        catch (RefusedException e)
        {
            return e.Outcome;
        }
        catch (BadHttpRequestException e)
        {
            return endpoint.BrokenBody(e);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ExportOutcome(OutcomeKind.DeadlineExceeded, $"the client's deadline (grpc-timeout {context.Request.Headers["grpc-timeout"]}) passed");
        }
#pragma warning disable CA1031 // An unhandled exception would be gRPC UNKNOWN, on which clients drop their batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnexpected(e);
            return endpoint.Unexpected(e);
        }
    }

    // One message: flag (1 compressed), length, bytes. Gives whether it is compressed.
    private static bool Unframe(RequestBody body)
    {
        ReadOnlySpan<byte> frame = body.Bytes.Span;
        if (frame.Length < FrameHeader)
        {
            throw RefusedException.Invalid($"the call has {frame.Length} bytes; a message has at least {FrameHeader}");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(frame[1..]);
        if (frame[0] > 1 || length != frame.Length - FrameHeader)
        {
            throw RefusedException.Invalid($"the frame says flag {frame[0]} and {length} bytes, but {frame.Length - FrameHeader} bytes follow; allowed: one whole message with flag 0 or 1");
        }

        bool compressed = frame[0] == 1;
        body.Skip(FrameHeader);
        return compressed;
    }

    private static string Encoding(HttpRequest request)
    {
        string encoding = request.Headers["grpc-encoding"].ToString();
        return encoding is "gzip" or "deflate"
            ? encoding
            : throw new RefusedException(new ExportOutcome(OutcomeKind.Unsupported, $"grpc-encoding is \"{encoding}\"; allowed: gzip, deflate, identity"));
    }

    // At most eight digits and a unit: H, M, S, m (milli), u (micro), n (nano).
    private static TimeSpan? Timeout(HttpRequest request)
    {
        string text = request.Headers["grpc-timeout"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Length > 9 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            throw RefusedException.Invalid($"grpc-timeout is \"{text}\"; allowed: up to eight digits and one of H, M, S, m, u, n");
        }

        TimeSpan timeout = text[^1] switch
        {
            'H' => TimeSpan.FromHours(value),
            'M' => TimeSpan.FromMinutes(value),
            'S' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMilliseconds(value),
            'u' => TimeSpan.FromMicroseconds(value),
            'n' => TimeSpan.FromMicroseconds(value / 1000.0),
            _ => throw RefusedException.Invalid($"grpc-timeout is \"{text}\"; allowed units: H, M, S, m, u, n"),
        };
        return timeout < TimeSpan.FromDays(1) ? timeout : TimeSpan.FromDays(1);
    }

    private static async Task AnswerAsync(HttpContext context, ExportOutcome outcome)
    {
        int status = OutcomeMapping.GrpcStatus(outcome.Kind);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip,deflate";
        if (outcome.Kind == OutcomeKind.Accepted)
        {
            byte[] message = StatusMessage.ExportResponse(outcome);
            byte[] frame = new byte[FrameHeader + message.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
            message.CopyTo(frame, FrameHeader);
            await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        if (outcome.Kind != OutcomeKind.Accepted)
        {
            string message = outcome.Message ?? "";
            context.Response.AppendTrailer("grpc-message", PercentEncode(message));
            context.Response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(StatusMessage.Status(status, message, outcome.RetryAfter)).TrimEnd('='));
        }
    }

    private static string PercentEncode(string message)
    {
        const int Longest = 1024;
        var encoded = new StringBuilder();
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(message).AsSpan() is var bytes && bytes.Length > Longest ? bytes[..Longest] : bytes)
        {
            _ = b is >= 0x20 and <= 0x7E and not (byte)'%' ? encoded.Append((char)b) : encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    [LoggerMessage(LogLevel.Error, "an OTLP/gRPC call failed unexpectedly; the client was told to retry")]
    private partial void LogUnexpected(Exception error);
}
