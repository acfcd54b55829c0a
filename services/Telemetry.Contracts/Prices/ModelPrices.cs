namespace Telemetry.Contracts.Prices;

/// <summary>One model of one provider.</summary>
/// <param name="Provider">The provider's id in the book.</param>
/// <param name="Id">The model's id in the book.</param>
/// <param name="Match">Which ids mean this model.</param>
/// <param name="Sets">Its prices; of those of one service tier, the last one that holds at a moment wins.</param>
public sealed record ModelPrices(string Provider, string Id, ModelMatch Match, IReadOnlyList<PriceSet> Sets)
{
    /// <summary>0 for the book itself, higher for each file laid over it; a higher layer's match is taken before a lower one's.</summary>
    internal int Layer { get; init; }

    /// <summary>The prices at that moment in that service tier; null when the book knows none.</summary>
    public PriceSet? At(DateTimeOffset at, string tier = ServiceTiers.Standard)
    {
        for (int i = Sets.Count - 1; i >= 0; i--)
        {
            if (Sets[i].Tier == tier && Sets[i].HoldsAt(at))
            {
                return Sets[i];
            }
        }

        return null;
    }

    /// <summary>Whether any of its prices, at any time, is for that service tier.</summary>
    public bool HasTier(string tier)
    {
        foreach (PriceSet set in Sets)
        {
            if (set.Tier == tier)
            {
                return true;
            }
        }

        return false;
    }
}
