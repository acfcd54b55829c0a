using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;

namespace Telemetry.Collector.Receive.Feedback;

/// <summary>
/// <c>POST /v1/feedback</c>: what users and reviewers think of answers, as JSON. Answered with 200 and the scores' ids when the span log has them durably, and with the
/// refusals of OTLP/HTTP otherwise.
/// </summary>
internal sealed class FeedbackReceiver(OtlpEndpoint endpoint, HttpBodies bodies, TimeProvider time)
{
    private const string Path = "/v1/feedback";
    private const string JsonType = "application/json";
    private const int MostBytes = 1 << 20;

    // An opinion takes up more as OTLP than as JSON by the names of its attributes; its texts do not.
    private const int OtlpBytesOfItem = 1 << 10;

    private readonly FeedbackReader _reader = new(time);

    /// <summary>Whether a request is for here.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.Value?.EndsWith(Path, StringComparison.Ordinal) == true;

    /// <summary>Answers a request that goes no further.</summary>
    public static Task RefuseAsync(HttpContext context, ExportOutcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        CollectorMetrics.Request("feedback", OutcomeMapping.Label(outcome.Kind), TimeSpan.Zero);
        return AnswerAsync(context, outcome, ids: []);
    }

    /// <summary>Answers one request of a tenant.</summary>
    public async Task HandleAsync(HttpContext context, TenantState tenant)
    {
        long started = Stopwatch.GetTimestamp();
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return;
        }

        if (context.Request.ContentType is { } type && !type.StartsWith(JsonType, StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, new { message = $"Content-Type is \"{type}\"; allowed: {JsonType}" });
            return;
        }

        var ids = new List<string>();
        string? key = context.Request.Headers.TryGetValue("Idempotency-Key", out var header) ? header.ToString() : null;
        ExportOutcome? taken = await bodies.TakeAsync(context, Math.Min(MostBytes, endpoint.Limits.MaxBodyBytes), body => TakeAsync(tenant, body, key, ids, context.RequestAborted));
        if (taken is not { } outcome)
        {
            return;
        }

        CollectorMetrics.Request("feedback", OutcomeMapping.Label(outcome.Kind), Stopwatch.GetElapsedTime(started));
        await AnswerAsync(context, outcome, ids);
    }

    private async Task<ExportOutcome> TakeAsync(TenantState tenant, ReadOnlyMemory<byte> body, string? key, List<string> ids, CancellationToken cancellation)
    {
        List<FeedbackItem> items = _reader.Read(body, key);
        int most = body.Length + (items.Count * OtlpBytesOfItem);
        endpoint.Budget.Take(most);
        try
        {
            using var records = new ProtobufBuffer(Math.Max(most, endpoint.Limits.MaxDecompressedBytes));
            FeedbackRecords.Write(items, records);
            ExportOutcome outcome = await endpoint.ExportAsync(tenant, Signal.Logs, records.Written, cancellation);
            if (outcome is { Kind: OutcomeKind.Accepted, Rejected: > 0 })
            {
                // Under one id a score counts once, so it harms nothing when those that were taken are sent again.
                return new ExportOutcome(OutcomeKind.TooLarge, $"{outcome.Rejected} of {items.Count} items were not taken: {outcome.Message}");
            }

            ids.AddRange(items.Select(i => i.Id));
            return outcome;
        }
        finally
        {
            endpoint.Budget.Return(most);
        }
    }

    private static Task AnswerAsync(HttpContext context, ExportOutcome outcome, List<string> ids)
    {
        if (outcome.RetryAfter > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(outcome.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return AnswerAsync(context, OutcomeMapping.HttpStatus(outcome.Kind), outcome.Kind == OutcomeKind.Accepted ? new { accepted = ids.Count, ids } : new { message = outcome.Message });
    }

    private static async Task AnswerAsync(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = JsonType;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer);
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
