namespace Telemetry.Contracts.Prices;

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

    /// <summary>The model is known, but a kind of token that was used has no price, or the model is charged by something that spans do not count.</summary>
    public const string UnpricedUsage = "unpriced_usage";

    /// <summary>The book has no prices for this service tier.</summary>
    public const string UnknownServiceTier = "unknown_service_tier";

    /// <summary>Input or output is not reported, and the model has a price for it.</summary>
    public const string IncompleteUsage = "incomplete_usage";

    /// <summary>Nobody reported tokens.</summary>
    public const string NoUsage = "no_usage";

    /// <summary>A count is negative, or parts are larger than their whole.</summary>
    public const string InconsistentUsage = "inconsistent_usage";

    /// <summary>The cost does not fit the column; the counts cannot be right.</summary>
    public const string OutOfRange = "out_of_range";
}
