using Microsoft.AspNetCore.Http;

namespace Telemetry.Collector.Receive;

/// <summary>
/// The one place that turns outcomes into status codes. OTLP clients retry HTTP 429, 502, 503, 504 and gRPC CANCELLED, DEADLINE_EXCEEDED,
/// ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, and RESOURCE_EXHAUSTED only with RetryInfo; everything else makes them drop the batch
/// (OTLP specification 1.11, "Failures" and "OTLP/HTTP Response").
/// </summary>
internal static class OutcomeMapping
{
    /// <summary>The HTTP status code.</summary>
    public static int HttpStatus(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Accepted => StatusCodes.Status200OK,
        OutcomeKind.Invalid => StatusCodes.Status400BadRequest,
        OutcomeKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        OutcomeKind.Unsupported => StatusCodes.Status404NotFound,
        OutcomeKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        OutcomeKind.Forbidden => StatusCodes.Status403Forbidden,
        OutcomeKind.Overloaded => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The gRPC status code (grpc.io, "Status codes and their use in gRPC").</summary>
    public static int GrpcStatus(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Accepted => GrpcCodes.Ok,
        OutcomeKind.Invalid => GrpcCodes.InvalidArgument,
        OutcomeKind.TooLarge or OutcomeKind.Overloaded => GrpcCodes.ResourceExhausted,
        OutcomeKind.Unsupported => GrpcCodes.Unimplemented,
        OutcomeKind.Unauthenticated => GrpcCodes.Unauthenticated,
        OutcomeKind.Forbidden => GrpcCodes.PermissionDenied,
        OutcomeKind.DeadlineExceeded => GrpcCodes.DeadlineExceeded,
        _ => GrpcCodes.Unavailable,
    };

    /// <summary>The label in metrics.</summary>
    public static string Label(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Accepted => "accepted",
        OutcomeKind.Invalid => "invalid",
        OutcomeKind.TooLarge => "too_large",
        OutcomeKind.Unsupported => "unsupported",
        OutcomeKind.Unauthenticated => "unauthenticated",
        OutcomeKind.Forbidden => "forbidden",
        OutcomeKind.Overloaded => "overloaded",
        OutcomeKind.DeadlineExceeded => "deadline_exceeded",
        _ => "unavailable",
    };
}

/// <summary>gRPC status codes that are used here.</summary>
internal static class GrpcCodes
{
    public const int Ok = 0;
    public const int InvalidArgument = 3;
    public const int DeadlineExceeded = 4;
    public const int PermissionDenied = 7;
    public const int ResourceExhausted = 8;
    public const int Unimplemented = 12;
    public const int Unavailable = 14;
    public const int Unauthenticated = 16;
}
