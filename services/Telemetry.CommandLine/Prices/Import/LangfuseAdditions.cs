using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>
/// Adds what langfuse knows and genai-prices does not: service tiers (flex, priority, fast) and prices of single kinds of token (audio). Only to models
/// on whose standard price the two sources agree; elsewhere the addition would belong to another price, and stays out.
/// </summary>
internal static class LangfuseAdditions
{
    /// <summary>Adds them to the files, and says how many models got any.</summary>
    public static int Add(SortedDictionary<string, JsonObject> files, PriceBook book, IReadOnlyList<LangfusePrices> langfuse, DateTimeOffset at, string langfuseDate)
    {
        string source = $"langfuse default-model-prices.json (MIT), {langfuseDate}";
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (LangfusePrices theirs in langfuse)
        {
            if (book.Find(theirs.Provider, null, theirs.Model) is not { } ours || ours.Provider != theirs.Provider || ours.At(at) is not { } set || !Agree(set, theirs))
            {
                continue;
            }

            JsonArray entries = files[$"{theirs.Provider}.json"]["models"]!.AsArray().First(m => (string)m!["id"]! == ours.Id)!["prices"]!.AsArray();
            if (AddTiers(entries, set, theirs, source) | AddKinds(entries, theirs, source))
            {
                changed.Add(set.Id);
            }
        }

        return changed.Count;
    }

    private static bool Agree(PriceSet set, LangfusePrices theirs)
    {
        IReadOnlyDictionary<string, decimal> standard = theirs.Tiers[0].Prices;
        return standard.TryGetValue("input", out decimal input) && standard.TryGetValue("output", out decimal output)
            && set.PriceOf(TokenKind.Input)?.Base == input && set.PriceOf(TokenKind.Output)?.Base == output;
    }

    private static bool AddTiers(JsonArray entries, PriceSet set, LangfusePrices theirs, string source)
    {
        bool added = false;
        foreach (IGrouping<string, LangfusePrices.Tier> tier in theirs.Tiers.Where(t => t.ServiceTier != ServiceTiers.Standard).GroupBy(t => t.ServiceTier))
        {
            // A dated id of the same entry may have brought the tier already.
            if (!entries.Any(e => (string?)e!["tier"] == tier.Key) && tier.Any(t => t.AboveInputTokens == 0))
            {
                entries.Add((JsonNode)Entry(tier.Key, set, [.. tier.OrderBy(t => t.AboveInputTokens)], source));
                added = true;
            }
        }

        return added;
    }

    // Only where the model has one entry: a price of unknown date cannot be given to one of several.
    private static bool AddKinds(JsonArray entries, LangfusePrices theirs, string source)
    {
        if (entries.Count(e => e!["tier"] is null) != 1 || theirs.Tiers.Any(t => t.ServiceTier == ServiceTiers.Standard && t.AboveInputTokens > 0))
        {
            return false;
        }

        JsonObject entry = entries.First(e => e!["tier"] is null)!.AsObject();
        JsonObject kinds = entry["usd_per_million_tokens"]!.AsObject();
        string[] missing = [.. theirs.Tiers[0].Prices.Keys.Where(k => !kinds.ContainsKey(k))];
        foreach (string kind in missing)
        {
            kinds[kind] = PriceEntries.Money(theirs.Tiers[0].Prices[kind]);
        }

        if (missing.Length > 0)
        {
            entry["source"] = $"{string.Join(", ", missing)}: {source}";
        }

        return missing.Length > 0;
    }

    private static JsonObject Entry(string tier, PriceSet set, IReadOnlyList<LangfusePrices.Tier> lengths, string source)
    {
        var entry = new JsonObject();
        if (set.From is { } from)
        {
            entry["from"] = from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        }

        entry["tier"] = tier;
        entry["usd_per_million_tokens"] = new JsonObject(lengths[0].Prices.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Price(p.Key, p.Value, lengths))));
        entry["source"] = source;
        return entry;
    }

    private static JsonNode Price(string kind, decimal first, IReadOnlyList<LangfusePrices.Tier> lengths)
    {
        JsonNode[] steps =
        [
            .. lengths.Where(l => l.AboveInputTokens > 0 && l.Prices.ContainsKey(kind)).Select(l => new JsonObject
            {
                ["above_input_tokens"] = l.AboveInputTokens,
                ["price"] = PriceEntries.Money(l.Prices[kind]),
            }),
        ];
        return steps.Length == 0 ? PriceEntries.Money(first) : new JsonObject { ["base"] = PriceEntries.Money(first), ["steps"] = new JsonArray(steps) };
    }
}
