namespace Telemetry.Keys;

/// <summary>What one tenant may send. 0 is no limit.</summary>
/// <param name="SpansPerSecond">Spans and log records a second, over some seconds.</param>
/// <param name="BytesPerSecond">Bytes of requests a second after decompression, over some seconds.</param>
/// <param name="MaxConcurrentRequests">Requests being worked on at once.</param>
public sealed record TenantLimits(double SpansPerSecond = 0, double BytesPerSecond = 0, int MaxConcurrentRequests = 0)
{
    /// <summary>Everything.</summary>
    public static TenantLimits None { get; } = new();
}
