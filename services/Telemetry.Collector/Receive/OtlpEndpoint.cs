using Microsoft.AspNetCore.Http;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Publish;

namespace Telemetry.Collector.Receive;

/// <summary>What both transports share: the limits, the budget, the JSON rules and the way into the log.</summary>
internal sealed class OtlpEndpoint(CollectorOptions options, ExportHandler handler, InFlightBudget budget)
{
    private readonly JsonTranscoder _transcoder = new(options.Limits.MaxDepth, options.Limits.MaxDecompressedBytes);

    /// <summary>Bounds.</summary>
    public CollectorLimits Limits => options.Limits;

    /// <summary>Bytes being worked on.</summary>
    public InFlightBudget Budget => budget;

    /// <summary>Takes an uncompressed protobuf request into the log.</summary>
    public Task<ExportOutcome> ExportAsync(TenantState tenant, Signal signal, ReadOnlyMemory<byte> protobuf, CancellationToken cancellation) =>
        handler.HandleAsync(tenant, signal, protobuf, cancellation);

    /// <summary>Takes an uncompressed JSON request into the log.</summary>
    public async Task<ExportOutcome> ExportJsonAsync(TenantState tenant, Signal signal, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        using ProtobufBuffer protobuf = _transcoder.CreateOutput();
        Budget.Take(json.Length);
        try
        {
            _transcoder.Transcode(json.Span, signal == Signal.Traces ? JsonShape.TraceRequest : JsonShape.LogsRequest, protobuf);
            return await handler.HandleAsync(tenant, signal, protobuf.Written, cancellation);
        }
        finally
        {
            Budget.Return(json.Length);
        }
    }

    /// <summary>What a body that Kestrel gave up on is told as. One that came too slowly may come faster next time.</summary>
    public ExportOutcome BrokenBody(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(OutcomeKind.TooLarge, error.Message),
        StatusCodes.Status408RequestTimeout => new(OutcomeKind.Unavailable, error.Message, RetryAfter: options.Limits.RetryAfter),
        _ => new(OutcomeKind.Invalid, error.Message),
    };

    /// <summary>What an unexpected failure is told as: never a code that makes clients drop their batch.</summary>
    public ExportOutcome Unexpected(Exception error) =>
        new(OutcomeKind.Unavailable, $"the Collector failed on this request: {error.GetType().Name}", RetryAfter: options.Limits.RetryAfter);
}
