using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>Multiplies tokens with prices, decimal all the way.</summary>
/// <remarks>
/// A kind of token without a price of its own is charged at its parent's price. Each part is rounded half to even at 12 decimals, the
/// scale of the column; the total is the sum of the rounded parts.
/// </remarks>
internal static class PriceCalculator
{
    private const int Scale = 12;
    private const decimal Million = 1_000_000m;

    /// <summary>Decimal(18, 12) has six digits before the point.</summary>
    private const decimal Largest = 999_999m;

    public static PricedCall Price(ModelPrices model, PriceSet set, in PriceQuery query)
    {
        string id = model.PriceId(set);
        TokenUsage usage = query.Usage;
        if (usage.Input is null && usage.Output is null)
        {
            return PricedCall.Unknown(CostReasons.NoUsage, id);
        }

        if (!IsConsistent(usage))
        {
            return PricedCall.Unknown(CostReasons.InconsistentUsage, id);
        }

        try
        {
            return Multiply(id, set, query, new TokenSplit(usage, set));
        }
        catch (OverflowException)
        {
            return PricedCall.Unknown(CostReasons.OutOfRange, id);
        }
    }

    private static PricedCall Multiply(string id, PriceSet set, in PriceQuery query, in TokenSplit split)
    {
        long all = query.Usage.Input ?? 0;
        if (!TryCost(set, all, out decimal input, (TokenKind.Input, split.Input), (TokenKind.AudioInput, split.AudioInput), (TokenKind.ImageInput, split.ImageInput))
            || !TryCost(set, all, out decimal cacheRead, (TokenKind.CacheRead, split.CacheRead))
            || !TryCost(set, all, out decimal cacheWrite, (TokenKind.CacheWrite, split.CacheWrite), (TokenKind.CacheWriteOneHour, split.CacheWriteOneHour))
            || !TryCost(
                set, all, out decimal output, (TokenKind.Output, split.Output), (TokenKind.Reasoning, split.Reasoning), (TokenKind.AudioOutput, split.AudioOutput), (TokenKind.ImageOutput, split.ImageOutput)))
        {
            return PricedCall.Unknown(CostReasons.UnpricedUsage, id);
        }

        decimal other = Math.Round(set.UsdPerRequest ?? 0, Scale);
        decimal total = input + cacheRead + cacheWrite + output + other;
        return total > Largest ? PricedCall.Unknown(CostReasons.OutOfRange, id) : new PricedCall
        {
            CostUsd = total,
            CostReason = "",
            PriceId = id,
            Basis = Basis(set, query),
            InputCostUsd = input,
            CacheReadCostUsd = cacheRead,
            CacheWriteCostUsd = cacheWrite,
            OutputCostUsd = output,
            OtherCostUsd = other,
        };
    }

    private static bool TryCost(PriceSet set, long inputTokens, out decimal cost, params ReadOnlySpan<(TokenKind Kind, long Tokens)> amounts)
    {
        cost = 0;
        foreach ((TokenKind kind, long tokens) in amounts)
        {
            if (tokens == 0)
            {
                continue;
            }

            if (!set.UsdPerMillion.TryGetValue(kind, out TieredPrice? price))
            {
                return false;
            }

            cost += Math.Round(tokens * price.For(inputTokens) / Million, Scale, MidpointRounding.ToEven);
        }

        return true;
    }

    private static string Basis(PriceSet set, in PriceQuery query)
    {
        if (query.TokensEstimated)
        {
            return CostBases.EstimatedTokens;
        }

        bool cachedShareUnknown = query.Usage.CacheRead is null && query.Usage.Input > 0 && set.UsdPerMillion.ContainsKey(TokenKind.CacheRead);
        return cachedShareUnknown ? CostBases.UpperBound : CostBases.Exact;
    }

    private static bool IsConsistent(in TokenUsage usage)
    {
        long input = usage.Input ?? 0;
        long output = usage.Output ?? 0;
        return input >= 0 && output >= 0
            && AreParts(input, usage.CacheRead, usage.CacheWrite)
            && AreParts(usage.CacheWrite ?? 0, usage.CacheWriteOneHour, null)
            && AreParts(input, usage.AudioInput, usage.ImageInput)
            && AreParts(output, usage.Reasoning, null)
            && AreParts(output, usage.AudioOutput, usage.ImageOutput);
    }

    private static bool AreParts(long whole, long? first, long? second)
    {
        long a = first ?? 0;
        long b = second ?? 0;
        return a >= 0 && b >= 0 && a <= whole && b <= whole - a;
    }
}
