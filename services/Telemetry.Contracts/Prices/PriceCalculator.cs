using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>Multiplies tokens with prices, decimal all the way.</summary>
/// <remarks>
/// A kind of token without a price of its own is charged at its parent's price. Each product is exact before it is rounded, half to even, at 12
/// decimals, the scale of the column; the total is the sum of the rounded amounts, so that the parts add up and a total is at most half a
/// picodollar a kind of token away from the unrounded one.
/// </remarks>
internal static class PriceCalculator
{
    private const int Scale = 12;
    private const decimal Millionth = 0.000_001m;

    /// <summary>Decimal(18, 12) has six digits before the point.</summary>
    private const decimal Limit = 1_000_000m;
    private const decimal LimitInMillionths = Limit / Millionth;

    public static PricedCall Price(PriceSet set, in PriceQuery query)
    {
        string reason = Objection(set, query.Usage, query.WebSearches);
        if (reason.Length > 0)
        {
            return PricedCall.Unknown(reason, set.Id);
        }

        var sum = new CostSum(set, query.Usage.Input ?? 0);
        var split = new TokenSplit(query.Usage, set);
        decimal input = sum.Add(TokenKind.Input, split.Input) + sum.Add(TokenKind.AudioInput, split.AudioInput) + sum.Add(TokenKind.ImageInput, split.ImageInput);
        decimal cacheRead = sum.Add(TokenKind.CacheRead, split.CacheRead) + sum.Add(TokenKind.AudioCacheRead, split.AudioCacheRead)
            + sum.Add(TokenKind.ImageCacheRead, split.ImageCacheRead);
        decimal cacheWrite = sum.Add(TokenKind.CacheWrite, split.CacheWrite) + sum.Add(TokenKind.CacheWriteOneHour, split.CacheWriteOneHour);
        decimal output = sum.Add(TokenKind.Output, split.Output) + sum.Add(TokenKind.Reasoning, split.Reasoning)
            + sum.Add(TokenKind.AudioOutput, split.AudioOutput) + sum.Add(TokenKind.ImageOutput, split.ImageOutput);
        decimal other = sum.AddFee(set.UsdPerRequest, 1) + sum.AddFee(set.UsdPerWebSearch, query.WebSearches ?? 0);
        return sum.Reason.Length > 0 ? PricedCall.Unknown(sum.Reason, set.Id) : new PricedCall
        {
            CostUsd = sum.Total,
            CostReason = "",
            PriceId = set.Id,
            Basis = Basis(set, query, split),
            InputCostUsd = input,
            CacheReadCostUsd = cacheRead,
            CacheWriteCostUsd = cacheWrite,
            OutputCostUsd = output,
            OtherCostUsd = other,
        };
    }

    private static string Objection(PriceSet set, in TokenUsage usage, long? webSearches)
    {
        if (usage.Input is null && usage.Output is null)
        {
            return CostReasons.NoUsage;
        }

        if (!UsageCheck.IsConsistent(usage) || webSearches < 0)
        {
            return CostReasons.InconsistentUsage;
        }

        if ((usage.Input is null && IsCharged(set, TokenKind.Input)) || (usage.Output is null && IsCharged(set, TokenKind.Output)))
        {
            return CostReasons.IncompleteUsage;
        }

        // One-hour writes cost more than the five-minute price that would be their parent's.
        bool hourUnpriced = usage.CacheWriteOneHour > 0 && set.PriceOf(TokenKind.CacheWrite) is not null && set.PriceOf(TokenKind.CacheWriteOneHour) is null;
        return hourUnpriced || !set.PricesTokens ? CostReasons.UnpricedUsage : "";
    }

    private static bool IsCharged(PriceSet set, TokenKind kind) => set.PriceOf(kind) is { } price && !price.IsFree;

    private static string Basis(PriceSet set, in PriceQuery query, in TokenSplit split)
    {
        if (query.TokensEstimated)
        {
            return CostBases.EstimatedTokens;
        }

        bool shareUnknown = query.Usage.CacheRead is null && query.Usage.Input > 0 && set.PriceOf(TokenKind.CacheRead) is not null;
        bool mediumShareUnknown = (split.CacheRead > 0 || split.AudioCacheRead > 0 || split.ImageCacheRead > 0) && (split.AudioInput > 0 || split.ImageInput > 0);
        return shareUnknown || mediumShareUnknown ? CostBases.UpperBound : CostBases.Exact;
    }

    /// <summary>Adds up amounts until one cannot be priced; then <see cref="Reason"/> says why.</summary>
    private struct CostSum(PriceSet set, long inputTokens)
    {
        public decimal Total { get; private set; }

        public string Reason { get; private set; } = "";

        public decimal Add(TokenKind kind, long tokens)
        {
            if (tokens == 0)
            {
                return 0;
            }

            if (set.PriceOf(kind) is { } price)
            {
                return AddCost(price.For(inputTokens) * tokens, LimitInMillionths, Millionth);
            }

            Reason = CostReasons.UnpricedUsage;
            return 0;
        }

        public decimal AddFee(decimal? fee, long count) => fee is { } usd && count > 0 ? AddCost(usd * count, Limit, 1) : 0;

        // A price and a count never overflow a decimal, and a product below the limit has few enough digits to be exact.
        private decimal AddCost(decimal product, decimal limit, decimal unit)
        {
            if (product >= limit)
            {
                Reason = CostReasons.OutOfRange;
                return 0;
            }

            decimal cost = Math.Round(product * unit, Scale, MidpointRounding.ToEven);
            Total += cost;
            Reason = Total < Limit ? Reason : CostReasons.OutOfRange;
            return cost;
        }
    }
}
