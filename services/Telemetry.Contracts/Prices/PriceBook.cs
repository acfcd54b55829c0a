using System.Runtime.CompilerServices;

namespace Telemetry.Contracts.Prices;

/// <summary>All known prices. Immutable and safe for many threads; a new book replaces an old one as a whole.</summary>
public sealed class PriceBook
{
    /// <summary>Model names come from spans, which anyone may send: what is remembered of them is bounded in number and in length.</summary>
    internal const int MostRemembered = 8192;

    /// <summary>Longer names are no model's; the longest real ones are Bedrock ARNs.</summary>
    internal const int LongestName = 512;

    private const int Latest = 512;

    private readonly Dictionary<string, ProviderPrices> _providers;
    private readonly LatestLookup?[] _latest = new LatestLookup?[Latest];
    private readonly RecentCache<(string Provider, string Requested, string Answered), ModelPrices?> _recent = new(MostRemembered);

    internal PriceBook(string version, IReadOnlyList<ProviderPrices> providers)
    {
        Version = version;
        Providers = providers;
        _providers = new Dictionary<string, ProviderPrices>(StringComparer.OrdinalIgnoreCase);
        foreach (ProviderPrices provider in providers)
        {
            foreach (string name in provider.Names.Prepend(provider.Id))
            {
                _providers[name] = provider;
            }
        }
    }

    /// <summary>Identifies the content of the book: equal files give equal versions; kept on every row that it priced.</summary>
    public string Version { get; }

    /// <summary>The providers, as parsed.</summary>
    public IReadOnlyList<ProviderPrices> Providers { get; }

    /// <summary>How many lookups are remembered now.</summary>
    internal int Remembered => _recent.Count;

    /// <summary>
    /// Reads a book from the files of <c>schemas/prices</c>, in the order given: a later file of the same provider is laid over the earlier one, its
    /// models, names and aliases come first.
    /// </summary>
    /// <exception cref="PriceBookException">With every error of every file.</exception>
    public static PriceBook Parse(IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> files) => PriceBookParser.Parse(files);

    /// <summary>Prices a call; never throws, whatever the span said.</summary>
    public PricedCall Price(in PriceQuery query)
    {
        if (string.IsNullOrEmpty(query.Provider))
        {
            return PricedCall.Unknown(query.Usage.Input is null && query.Usage.Output is null ? CostReasons.NoUsage : CostReasons.NoProvider);
        }

        ref LatestLookup? latest = ref _latest[LatestLookup.Slot(query, _latest.Length)];
        LatestLookup? lookup = latest;
        if (lookup?.IsOf(query) != true)
        {
            latest = lookup = LookUp(query);
        }

        if (lookup.Provider is not { } provider)
        {
            return PricedCall.Unknown(CostReasons.UnknownProvider);
        }

        if (lookup.Model is not { } model)
        {
            return PricedCall.Unknown(CostReasons.UnknownModel);
        }

        // A reseller's list price may be its source's; its service tiers are its own.
        string tier = Tier(provider, query.ServiceTier);
        if (tier != ServiceTiers.Standard && model.Provider != provider.Id)
        {
            return PricedCall.Unknown(CostReasons.UnknownServiceTier);
        }

        if (model.At(query.At, tier) is { } set)
        {
            return PriceCalculator.Price(set, query);
        }

        return PricedCall.Unknown(model.HasTier(tier) ? CostReasons.NoPriceAtThatTime : CostReasons.UnknownServiceTier);
    }

    /// <summary>
    /// The entry for a call; null when the book has none. The answered model decides where it is known, also where it stands for a requested alias
    /// or deployment. The requested one decides when nothing answered, when the provider's file says so, and when the answered id is only another
    /// spelling of it; an answered id that is really unknown is never billed as the requested model.
    /// </summary>
    public ModelPrices? Find(string provider, string? requested, string? answered)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider.Length > LongestName || requested?.Length > LongestName || answered?.Length > LongestName || !_providers.TryGetValue(provider, out ProviderPrices? known))
        {
            return null;
        }

        var key = (provider, requested ?? "", answered ?? "");
        if (!_recent.TryGet(key, out ModelPrices? found))
        {
            found = Resolve(known, Clean(requested), Clean(answered));
            _recent.Add(key, found);
        }

        return found;
    }

    private LatestLookup LookUp(in PriceQuery query) => new(
        query.Provider, query.ModelRequested, query.ModelAnswered, _providers.GetValueOrDefault(query.Provider!), Find(query.Provider!, query.ModelRequested, query.ModelAnswered));

    private static string Tier(ProviderPrices provider, string? reported)
    {
        string tier = ServiceTiers.Normalize(reported);
        return provider.ServiceTierNames.TryGetValue(tier, out string? meaning) ? meaning : tier;
    }

    private static string Clean(string? model) => model?.Trim().ToLowerInvariant() ?? "";

    private ModelPrices? Resolve(ProviderPrices provider, string requested, string answered)
    {
        if (answered.Length == 0)
        {
            return Search(provider, requested);
        }

        if (provider.RequestedDecides && requested.Length > 0)
        {
            return Search(provider, requested);
        }

        return Search(provider, answered) ?? (ModelNames.AreSame(requested, answered) ? Search(provider, requested) : null);
    }

    private ModelPrices? Search(ProviderPrices provider, string id)
    {
        if (id.Length == 0)
        {
            return null;
        }

        if (provider.Aliases.TryGetValue(id, out string? meaning))
        {
            id = Clean(meaning);
        }

        string? bare = ModelNames.WithoutPath(id, name => _providers.TryGetValue(name, out ProviderPrices? other) && other == provider);
        return SearchSpelling(provider, id) ?? (bare is null ? null : SearchSpelling(provider, bare));
    }

    private ModelPrices? SearchSpelling(ProviderPrices provider, string id)
    {
        if (SearchOwnThenFallbacks(provider, id, 1) is { } found)
        {
            return found;
        }

        // A snapshot whose day the book does not list costs what its model costs; only an id that is listed as it stands counts here.
        return ModelNames.WithoutDate(id) is { } undated ? SearchOwnThenFallbacks(provider, undated, ModelMatch.EqualScore) : null;
    }

    private ModelPrices? SearchOwnThenFallbacks(ProviderPrices provider, string id, int leastScore)
    {
        ModelPrices? found = provider.Best(id, leastScore);
        for (int i = 0; found is null && i < provider.Fallbacks.Count; i++)
        {
            found = _providers.TryGetValue(provider.Fallbacks[i], out ProviderPrices? other) ? other.Best(id, leastScore) : null;
        }

        return found;
    }

    // What was found for three string objects. Those who ask have few of them and the same ones again and again, so that most answers need no hash of a text. An entry never
    // changes and is put in place as a whole, so that threads may write over each other's.
    private sealed record LatestLookup(string? ProviderName, string? Requested, string? Answered, ProviderPrices? Provider, ModelPrices? Model)
    {
        public static int Slot(in PriceQuery query, int slots) =>
            (RuntimeHelpers.GetHashCode(query.ModelAnswered) + (RuntimeHelpers.GetHashCode(query.ModelRequested) * 31) + RuntimeHelpers.GetHashCode(query.Provider)) & (slots - 1);

        public bool IsOf(in PriceQuery query) =>
            ReferenceEquals(ProviderName, query.Provider) && ReferenceEquals(Requested, query.ModelRequested) && ReferenceEquals(Answered, query.ModelAnswered);
    }
}
