using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;

namespace Telemetry.Collector.Receive;

/// <summary>OTLP/HTTP: <c>POST /v1/traces</c> and <c>/v1/logs</c>, protobuf or JSON, plain, gzip or deflate.</summary>
internal sealed class HttpReceiver(OtlpEndpoint endpoint, HttpBodies bodies)
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

        ExportOutcome? outcome = await bodies.TakeAsync(context, endpoint.Limits.MaxBodyBytes, body => json
            ? endpoint.ExportJsonAsync(tenant, signal.Value, body, context.RequestAborted)
            : endpoint.ExportAsync(tenant, signal.Value, body, context.RequestAborted));
        if (outcome is null)
        {
            return;
        }

        CollectorMetrics.Request("http", OutcomeMapping.Label(outcome.Value.Kind), Stopwatch.GetElapsedTime(started));
        await AnswerAsync(context, signal.Value, json, outcome.Value);
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
            : $"no such path: {path}; allowed: /v1/traces, /v1/logs and /v1/feedback");

    private static bool IsType(string? contentType, string type) =>
        contentType is not null && contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == type.Length || contentType[type.Length] is ';' or ' ');

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
}
