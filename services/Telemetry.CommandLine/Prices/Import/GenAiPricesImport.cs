using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>
/// Turns pydantic/genai-prices data (MIT) into this project's price files, one a provider. What is in the result: ids, match clauses and figures; what
/// is not: descriptions and extractors.
/// </summary>
internal static class GenAiPricesImport
{
    /// <summary>The files by name.</summary>
    /// <exception cref="InvalidDataException">The data has something that the book has no place for.</exception>
    public static SortedDictionary<string, JsonObject> Convert(GenAiPricesSource source, string date)
    {
        var files = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (JsonNode? provider in source.Providers)
        {
            string id = (string)provider!["id"]!;
            files[$"{id}.json"] = ConvertProvider(id, provider.AsObject(), new JsonObject
            {
                ["name"] = "pydantic/genai-prices",
                ["url"] = "https://github.com/pydantic/genai-prices",
                ["version"] = source.Version,
                ["licence"] = "MIT",
                ["date"] = date,
            });
        }

        return files;
    }

    private static JsonObject ConvertProvider(string id, JsonObject provider, JsonObject source)
    {
        var file = new JsonObject
        {
            ["provider"] = id,
            ["names"] = new JsonArray([.. ProviderFacts.NamesOf(id).Select(n => JsonValue.Create(n))]),
            ["fallbacks"] = provider["fallback_model_providers"]?.DeepClone() ?? new JsonArray(),
        };
        if (ProviderFacts.RequestedDecides(id))
        {
            file["requested_model_decides"] = true;
        }

        if (ProviderFacts.ServiceTierNamesOf(id) is { Count: > 0 } tiers)
        {
            file["service_tier_names"] = new JsonObject(tiers.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)JsonValue.Create(t.Value))));
        }

        file["source"] = source;
        file["published_at"] = provider["pricing_urls"]?.DeepClone() ?? new JsonArray();
        file["models"] = new JsonArray([.. provider["models"]!.AsArray().Select(m => ConvertModel(id, m!.AsObject()))]);
        return file;
    }

    private static JsonObject ConvertModel(string provider, JsonObject model)
    {
        string id = (string)model["id"]!;
        try
        {
            return new JsonObject
            {
                ["id"] = id,
                ["match"] = MatchClauses.Convert(model["match"]!.AsObject()),
                ["prices"] = PriceEntries.Convert(provider, id, model["prices"]!),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or InvalidDataException)
        {
            throw new InvalidDataException($"{provider}/{id}: {e.Message}", e);
        }
    }
}
