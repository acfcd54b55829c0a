namespace Telemetry.Contracts.Prices;

/// <summary>How sure a known cost is.</summary>
public static class CostBases
{
    /// <summary>From reported counts of everything that is priced apart.</summary>
    public const string Exact = "exact";

    /// <summary>The cached share, of all input or of audio and images, is not reported and would have been cheaper: the true cost is at most this.</summary>
    public const string UpperBound = "upper_bound";

    /// <summary>The tokens were counted by us.</summary>
    public const string EstimatedTokens = "estimated_tokens";
}
