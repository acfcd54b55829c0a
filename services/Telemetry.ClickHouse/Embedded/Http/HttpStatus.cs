namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The HTTP status that ClickHouse answers an error with.</summary>
internal static class HttpStatus
{
    internal static int Of(int code) => code switch
    {
        194 => 401, // REQUIRED_PASSWORD
        192 or 193 or 512 or 516 => 403, // users and passwords
        // Texts that do not parse, values that do not fit.
        6 or 25 or 26 or 27 or 36 or 38 or 41 or 50 or 53 or 62 or 72 or 117 or 167 or 168 or 271 or 321 or 376 or 427 or 441 or 442 or 467 => 400,
        // Names that are not known.
        46 or 47 or 56 or 60 or 63 or 73 or 78 or 81 or 115 => 404,
        159 => 408, // TIMEOUT_EXCEEDED
        307 => 413, // TOO_MANY_BYTES
        1 or 48 => 501, // UNSUPPORTED_METHOD, NOT_IMPLEMENTED
        76 or 202 or 209 or 236 or 439 => 503, // cannot now
        _ => 500,
    };
}
