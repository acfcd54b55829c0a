using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;

namespace Telemetry.Collector.Receive;

/// <summary>OTLP/HTTP: <c>POST /v1/traces</c> and <c>/v1/logs</c>, protobuf or JSON, plain, gzip or deflate.</summary>
internal sealed partial class HttpReceiver(OtlpEndpoint endpoint, ILogger<HttpReceiver> logger)
{
    private const string Protobuf = "application/x-protobuf";
    private const string JsonType = "application/json";

    /// <summary>Answers a request that goes no further.</summary>
    public static Task RefuseAsync(HttpContext context, ExportOutcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        CollectorMetrics.Request("http", OutcomeMapping.Label(outcome.Kind), TimeSpan.Zero);
        return AnswerAsync(context, Signal.Traces, !IsType(context.Request.ContentType, Protobuf), outcome);
    }

    /// <summary>Answers one request of a tenant.</summary>
    public async Task HandleAsync(HttpContext context, TenantState tenant)
    {
        long started = Stopwatch.GetTimestamp();
        Signal? signal = SignalOf(context.Request.Path);
        bool json = IsType(context.Request.ContentType, JsonType);
        if (signal is null)
        {
            await AnswerAsync(context, Signal.Traces, json, NotTaken(context.Request.Path));
            return;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return;
        }

        if (!json && !IsType(context.Request.ContentType, Protobuf))
        {
            await AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Type is \"{context.Request.ContentType}\"; allowed: {Protobuf}, {JsonType}");
            return;
        }

        ExportOutcome? outcome = await ExportAsync(context, signal.Value, json, tenant);
        if (outcome is null)
        {
            return;
        }

        CollectorMetrics.Request("http", OutcomeMapping.Label(outcome.Value.Kind), Stopwatch.GetElapsedTime(started));
        await AnswerAsync(context, signal.Value, json, outcome.Value);
    }

    // Null when the client has gone away: there is nobody to answer.
    private async Task<ExportOutcome?> ExportAsync(HttpContext context, Signal signal, bool json, TenantState tenant)
    {
        using var body = new RequestBody(endpoint.Limits, endpoint.Budget);
        try
        {
            string encoding = Encoding(context.Request);
            await body.ReceiveAsync(context.Request.Body, context.Request.ContentLength, endpoint.Limits.MaxBodyBytes, "the body", context.RequestAborted);
            if (encoding.Length > 0)
            {
                await body.InflateAsync(encoding, context.RequestAborted);
            }

            return json
                ? await endpoint.ExportJsonAsync(tenant, signal, body.Bytes, context.RequestAborted)
                : await endpoint.ExportAsync(tenant, signal, body.Bytes, context.RequestAborted);
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
#pragma warning disable CA1031 // An unhandled exception would be HTTP 500, on which clients drop their batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnexpected(e);
            return endpoint.Unexpected(e);
        }
    }

    private static Signal? SignalOf(PathString path) => path.Value switch
    {
        { } p when p.EndsWith("/v1/traces", StringComparison.Ordinal) => Signal.Traces,
        { } p when p.EndsWith("/v1/logs", StringComparison.Ordinal) => Signal.Logs,
        _ => null,
    };

    private static ExportOutcome NotTaken(PathString path) => new(
        OutcomeKind.Unsupported,
        path.Value?.EndsWith("/v1/metrics", StringComparison.Ordinal) == true
            ? "metrics are not taken here; allowed: /v1/traces and /v1/logs (set OTEL_METRICS_EXPORTER=none)"
            : $"no such path: {path}; allowed: /v1/traces and /v1/logs");

    private static bool IsType(string? contentType, string type) =>
        contentType is not null && contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == type.Length || contentType[type.Length] is ';' or ' ');

    private static string Encoding(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        return encoding switch
        {
            "" or "identity" or "none" => "",
            "gzip" or "deflate" => encoding,
            _ => throw RefusedException.Invalid($"Content-Encoding is \"{encoding}\"; allowed: gzip, deflate, identity"),
        };
    }

    private static async Task AnswerAsync(HttpContext context, Signal signal, bool json, ExportOutcome outcome)
    {
        context.Response.StatusCode = OutcomeMapping.HttpStatus(outcome.Kind);
        context.Response.ContentType = json ? JsonType : Protobuf;
        if (outcome.RetryAfter > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(outcome.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        byte[] answer = (outcome.Kind, json) switch
        {
            (OutcomeKind.Accepted, false) => StatusMessage.ExportResponse(outcome),
            (OutcomeKind.Accepted, true) => StatusMessage.ExportResponseJson(outcome, signal == Signal.Traces ? "rejectedSpans" : "rejectedLogRecords"),
            (_, false) => StatusMessage.Status(OutcomeMapping.GrpcStatus(outcome.Kind), outcome.Message ?? "", outcome.RetryAfter),
            (_, true) => StatusMessage.StatusJson(OutcomeMapping.GrpcStatus(outcome.Kind), outcome.Message ?? "", outcome.RetryAfter),
        };
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Error, "an OTLP/HTTP request failed unexpectedly; the client was told to retry")]
    private partial void LogUnexpected(Exception error);
}
