namespace Telemetry.Contracts.Prices;

/// <summary>One provider's part of the book.</summary>
/// <param name="Id">Its id in the book.</param>
/// <param name="Names">OpenTelemetry provider names that mean it.</param>
/// <param name="Fallbacks">Providers whose prices hold for models that it resells at the same price and that have no entry of its own.</param>
/// <param name="Models">Its models, highest layer first.</param>
public sealed record ProviderPrices(string Id, IReadOnlyList<string> Names, IReadOnlyList<string> Fallbacks, IReadOnlyList<ModelPrices> Models)
{
    /// <summary>
    /// Whether the requested model decides the price. True for Bedrock: the request carries the region's prefix, which the price depends on, while the
    /// answer repeats the model maker's bare id.
    /// </summary>
    public bool RequestedDecides { get; init; }

    /// <summary>Model names of the user's own making, such as Azure deployments, and the model that each stands for. Keys ignore case.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = EmptyAliases;

    /// <summary>Other names of service tiers, for example <c>fast</c> for <c>priority</c>. Keys in lower case.</summary>
    public IReadOnlyDictionary<string, string> ServiceTierNames { get; init; } = EmptyAliases;

    private static IReadOnlyDictionary<string, string> EmptyAliases { get; } = new Dictionary<string, string>();

    /// <summary>Its entry that matches a lower-case id best; null when none does.</summary>
    internal ModelPrices? Best(string id, int leastScore)
    {
        ModelPrices? best = null;
        int bestScore = leastScore - 1;
        foreach (ModelPrices model in Models)
        {
            if (best is not null && model.Layer < best.Layer)
            {
                break;
            }

            int score = model.Match.Score(id);
            if (score > bestScore)
            {
                (best, bestScore) = (model, score);
            }
        }

        return best;
    }

    /// <summary>The provider with another file's entries laid over it: the later file's names, aliases and models come first.</summary>
    internal ProviderPrices Under(ProviderPrices later, int layer) => new(
        Id,
        [.. Names.Union(later.Names, StringComparer.OrdinalIgnoreCase)],
        [.. Fallbacks.Union(later.Fallbacks, StringComparer.Ordinal)],
        [.. later.Models.Select(m => m with { Layer = layer }), .. Models.Where(m => later.Models.All(l => l.Id != m.Id))])
    {
        RequestedDecides = RequestedDecides || later.RequestedDecides,
        Aliases = Merge(Aliases, later.Aliases),
        ServiceTierNames = Merge(ServiceTierNames, later.ServiceTierNames),
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> earlier, IReadOnlyDictionary<string, string> later)
    {
        var merged = new Dictionary<string, string>(earlier, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string meaning) in later)
        {
            merged[name] = meaning;
        }

        return merged;
    }
}
