using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.Collector.Receive;

/// <summary>Receives the bodies of HTTP requests within the limits; whatever goes wrong becomes an outcome that tells the client whether to come again.</summary>
internal sealed partial class HttpBodies(OtlpEndpoint endpoint, ILogger<HttpBodies> logger)
{
    /// <summary>Receives and inflates a body and hands it on, valid until the task ends. Null when the client has gone away: there is nobody to answer.</summary>
    public async Task<ExportOutcome?> TakeAsync(HttpContext context, int limit, Func<ReadOnlyMemory<byte>, Task<ExportOutcome>> take)
    {
        using var body = new RequestBody(endpoint.Limits, endpoint.Budget);
        try
        {
            string encoding = Encoding(context.Request);
            await body.ReceiveAsync(context.Request.Body, context.Request.ContentLength, limit, "the body", context.RequestAborted);
            if (encoding.Length > 0)
            {
                await body.InflateAsync(encoding, context.RequestAborted);
            }

            return await take(body.Bytes);
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

    [LoggerMessage(LogLevel.Error, "an HTTP request failed unexpectedly; the client was told to retry")]
    private partial void LogUnexpected(Exception error);
}
