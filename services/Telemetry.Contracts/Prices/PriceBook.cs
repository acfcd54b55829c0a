using System.Collections.Concurrent;

namespace Telemetry.Contracts.Prices;

/// <summary>All known prices. Immutable and safe for many threads; a new book replaces an old one as a whole.</summary>
public sealed class PriceBook
{
    /// <summary>Model names come from spans, which anyone may send: what is remembered of them is bounded.</summary>
    private const int MostRemembered = 8192;

    private static readonly string[] StandardTiers = ["", "default", "standard", "auto", "on_demand"];

    private readonly Dictionary<string, ProviderPrices> _providers;
    private readonly ConcurrentDictionary<(string Provider, string Requested, string Answered), ModelPrices?> _remembered = new();

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

    /// <summary>Identifies the content of the book; kept on every row that it priced.</summary>
    public string Version { get; }

    /// <summary>The providers, as parsed.</summary>
    public IReadOnlyList<ProviderPrices> Providers { get; }

    /// <summary>Reads a book from the files of <c>schemas/prices</c>; a later file's provider replaces an earlier one's models of the same id.</summary>
    /// <exception cref="PriceBookException">With every error of every file.</exception>
    public static PriceBook Parse(IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> files) => PriceBookParser.Parse(files);

    /// <summary>Prices a call; never throws, whatever the span said.</summary>
    public PricedCall Price(in PriceQuery query)
    {
        if (string.IsNullOrEmpty(query.Provider))
        {
            return PricedCall.Unknown(query.Usage.Input is null && query.Usage.Output is null ? CostReasons.NoUsage : CostReasons.NoProvider);
        }

        if (!_providers.ContainsKey(query.Provider))
        {
            return PricedCall.Unknown(CostReasons.UnknownProvider);
        }

        if (Find(query.Provider, query.ModelRequested, query.ModelAnswered) is not { } model)
        {
            return PricedCall.Unknown(CostReasons.UnknownModel);
        }

        if (model.At(query.At) is not { } set)
        {
            return PricedCall.Unknown(CostReasons.NoPriceAtThatTime);
        }

        return StandardTiers.Contains(query.ServiceTier ?? "")
            ? PriceCalculator.Price(model, set, query)
            : PricedCall.Unknown(CostReasons.UnknownServiceTier, model.PriceId(set));
    }

    /// <summary>The entry for a model of a provider: what answered, else what was asked for; null when neither is known.</summary>
    public ModelPrices? Find(string provider, string? requested, string? answered)
    {
        var key = (provider, requested ?? "", answered ?? "");
        if (_remembered.TryGetValue(key, out ModelPrices? known))
        {
            return known;
        }

        ModelPrices? found = Search(provider, answered) ?? Search(provider, requested);
        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        _remembered[key] = found;
        return found;
    }

    private ModelPrices? Search(string providerName, string? model)
    {
        if (string.IsNullOrEmpty(model) || !_providers.TryGetValue(providerName, out ProviderPrices? provider))
        {
            return null;
        }

        string id = model.ToLowerInvariant();
        (ModelPrices? best, int score) = Best(provider, id);
        foreach (string fallback in provider.Fallbacks)
        {
            if (_providers.TryGetValue(fallback, out ProviderPrices? other))
            {
                (ModelPrices? candidate, int candidateScore) = Best(other, id);
                if (candidateScore > score)
                {
                    (best, score) = (candidate, candidateScore);
                }
            }
        }

        return best;
    }

    private static (ModelPrices? Model, int Score) Best(ProviderPrices provider, string id)
    {
        ModelPrices? best = null;
        int bestScore = 0;
        foreach (ModelPrices model in provider.Models)
        {
            int score = model.Match.Score(id);
            if (score > bestScore)
            {
                (best, bestScore) = (model, score);
            }
        }

        return (best, bestScore);
    }
}

/// <summary>A price file is wrong; every error is listed with its file and place.</summary>
public sealed class PriceBookException(IReadOnlyList<string> errors)
    : Exception("The price book is not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors.Select(e => "  " + e)))
{
    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
