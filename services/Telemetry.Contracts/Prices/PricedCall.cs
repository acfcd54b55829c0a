namespace Telemetry.Contracts.Prices;

/// <summary>What a call cost, or why that is unknown. The parts add up to <see cref="CostUsd"/> exactly.</summary>
public readonly record struct PricedCall
{
    /// <summary>US dollars, at most 12 decimals; null when unknown, and only then.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Why the cost is unknown, one of <see cref="CostReasons"/>; empty when it is known.</summary>
    public string CostReason { get; init; }

    /// <summary>Stable id of the price that was used: provider/model@effective-date; empty when none was found.</summary>
    public string PriceId { get; init; }

    /// <summary>How sure the cost is, one of <see cref="CostBases"/>; empty when it is unknown.</summary>
    public string Basis { get; init; }

    /// <summary>Input that was neither read from nor written to a cache.</summary>
    public decimal InputCostUsd { get; init; }

    /// <summary>Cache reads.</summary>
    public decimal CacheReadCostUsd { get; init; }

    /// <summary>Cache writes.</summary>
    public decimal CacheWriteCostUsd { get; init; }

    /// <summary>Output, reasoning included.</summary>
    public decimal OutputCostUsd { get; init; }

    /// <summary>Fees a request.</summary>
    public decimal OtherCostUsd { get; init; }

    internal static PricedCall Unknown(string reason, string priceId = "") => new() { CostReason = reason, PriceId = priceId, Basis = "" };
}

/// <summary>Why a cost is unknown.</summary>
public static class CostReasons
{
    /// <summary>The span names no provider.</summary>
    public const string NoProvider = "no_provider";

    /// <summary>The book has no such provider.</summary>
    public const string UnknownProvider = "unknown_provider";

    /// <summary>The book has no such model at this provider.</summary>
    public const string UnknownModel = "unknown_model";

    /// <summary>The model was not priced yet when the call ran, as far as the book knows.</summary>
    public const string NoPriceAtThatTime = "no_price_at_that_time";

    /// <summary>The model is known, but not for this kind of token.</summary>
    public const string UnpricedUsage = "unpriced_usage";

    /// <summary>The book has no prices for this service tier.</summary>
    public const string UnknownServiceTier = "unknown_service_tier";

    /// <summary>Nobody reported tokens.</summary>
    public const string NoUsage = "no_usage";

    /// <summary>A count is negative, or a part is larger than its whole.</summary>
    public const string InconsistentUsage = "inconsistent_usage";

    /// <summary>The cost does not fit the column; the counts cannot be right.</summary>
    public const string OutOfRange = "out_of_range";
}

/// <summary>How sure a known cost is.</summary>
public static class CostBases
{
    /// <summary>From reported counts of everything that is priced apart.</summary>
    public const string Exact = "exact";

    /// <summary>The cached share is not reported and would have been cheaper: the true cost is at most this.</summary>
    public const string UpperBound = "upper_bound";

    /// <summary>The tokens were counted by us.</summary>
    public const string EstimatedTokens = "estimated_tokens";
}
