namespace Telemetry.Detection.Model;

/// <summary>What is watched of a key, minute by minute.</summary>
internal enum Metric
{
    RequestRate,
    ErrorRate,
    RefusalRate,
    LengthRate,
    CacheHitRate,
    TtftP50,
    TtftP95,
    LatencyP50,
    LatencyP95,
    TokensPerSecond,
    InputTokens,
    OutputTokens,
    CostPerRequest,
    SpendRate,
    Score,
}
