namespace Telemetry.Demo.Provider;

/// <summary>How often and how the provider misbehaves; may be changed while it runs.</summary>
internal sealed class Faults
{
    /// <summary>Share of requests answered with HTTP 429 and Retry-After.</summary>
    public double RateLimited { get; set; } = 0.03;

    /// <summary>Share of requests answered with HTTP 500.</summary>
    public double Failing { get; set; } = 0.02;

    /// <summary>Share of streams that break off.</summary>
    public double CutStreams { get; set; } = 0.01;

    /// <summary>Factor on all waiting times.</summary>
    public double Slowness { get; set; } = 1;
}
