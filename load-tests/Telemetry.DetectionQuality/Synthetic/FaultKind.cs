namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    Latency,
    FirstToken,
    Errors,
    Cost,
    OutputLength,
    InputLength,
    TrafficUp,
    TrafficDown,
    Silence,
    Refusals,
    Truncation,
    CacheDrop,
    Quality,
}
