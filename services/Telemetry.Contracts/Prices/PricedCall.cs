namespace Telemetry.Contracts.Prices;

/// <summary>What a call cost, or why that is unknown. The parts add up to <see cref="CostUsd"/> exactly.</summary>
public readonly record struct PricedCall
{
    /// <summary>US dollars, at most 12 decimals; null when unknown, and only then.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Why the cost is unknown, one of <see cref="CostReasons"/>; empty when it is known.</summary>
    public string CostReason { get; init; }

    /// <summary>Stable id of the price that was used: provider/model@effective-date, with <c>#tier</c> for another than the standard service tier; empty when none was found.</summary>
    public string PriceId { get; init; }

    /// <summary>How sure the cost is, one of <see cref="CostBases"/>; empty when it is unknown.</summary>
    public string Basis { get; init; }

    /// <summary>Input that was neither read from nor written to a cache, audio and images included.</summary>
    public decimal InputCostUsd { get; init; }

    /// <summary>Cache reads.</summary>
    public decimal CacheReadCostUsd { get; init; }

    /// <summary>Cache writes.</summary>
    public decimal CacheWriteCostUsd { get; init; }

    /// <summary>Output, reasoning included.</summary>
    public decimal OutputCostUsd { get; init; }

    /// <summary>Fees for the request and for web searches.</summary>
    public decimal OtherCostUsd { get; init; }

    internal static PricedCall Unknown(string reason, string priceId = "") => new() { CostReason = reason, PriceId = priceId, Basis = "" };
}
