using System.Globalization;

namespace Telemetry.Contracts.Prices;

/// <summary>One model of one provider.</summary>
/// <param name="Provider">The provider's id in the book.</param>
/// <param name="Id">The model's id in the book.</param>
/// <param name="Match">Which ids mean this model.</param>
/// <param name="Sets">Its prices; the last one that holds at a moment wins.</param>
public sealed record ModelPrices(string Provider, string Id, ModelMatch Match, IReadOnlyList<PriceSet> Sets)
{
    /// <summary>The prices at that moment; null when the book knows none.</summary>
    public PriceSet? At(DateTimeOffset at)
    {
        for (int i = Sets.Count - 1; i >= 0; i--)
        {
            if (Sets[i].HoldsAt(at))
            {
                return Sets[i];
            }
        }

        return null;
    }

    /// <summary>Stable id of one of its prices.</summary>
    public string PriceId(PriceSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        string from = set.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "start";
        string hours = set.DayStart is { } start ? $"T{start.ToString("HHmm", CultureInfo.InvariantCulture)}" : "";
        return $"{Provider}/{Id}@{from}{hours}";
    }
}

/// <summary>One provider's part of the book.</summary>
/// <param name="Id">Its id in the book.</param>
/// <param name="Names">OpenTelemetry provider names that mean it.</param>
/// <param name="Fallbacks">Providers whose prices hold for models that it resells at the same price.</param>
/// <param name="Models">Its models.</param>
public sealed record ProviderPrices(string Id, IReadOnlyList<string> Names, IReadOnlyList<string> Fallbacks, IReadOnlyList<ModelPrices> Models);
