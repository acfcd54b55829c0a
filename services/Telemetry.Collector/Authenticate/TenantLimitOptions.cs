using System.ComponentModel.DataAnnotations;
using Telemetry.Keys;

namespace Telemetry.Collector.Authenticate;

/// <summary>What each tenant may send to this Collector, unless <c>telemetry keys limit</c> says otherwise for one. 0 is no limit. Over one: HTTP 429, gRPC RESOURCE_EXHAUSTED, with a delay.</summary>
public sealed class TenantLimitOptions
{
    /// <summary>Spans and log records a second; five seconds' worth may come at once.</summary>
    [Range(0.0, 1e9, ErrorMessage = "allowed: 0 to 1000000000")]
    public double SpansPerSecond { get; set; }

    /// <summary>Bytes of requests a second, after decompression; five seconds' worth may come at once.</summary>
    [Range(0.0, 1e12, ErrorMessage = "allowed: 0 to 1000000000000")]
    public double BytesPerSecond { get; set; }

    /// <summary>Requests being worked on at once.</summary>
    [Range(0, 100_000, ErrorMessage = "allowed: 0 to 100000")]
    public int MaxConcurrentRequests { get; set; }

    internal TenantLimits ToLimits() => new(SpansPerSecond, BytesPerSecond, MaxConcurrentRequests);
}
