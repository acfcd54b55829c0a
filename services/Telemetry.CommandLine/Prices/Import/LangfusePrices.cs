using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>One model of langfuse's default-model-prices.json (MIT): US dollars for one million tokens by our kinds, per service tier.</summary>
/// <param name="Model">Its name, which is the provider's id of the model.</param>
/// <param name="Provider">The provider in the book.</param>
/// <param name="Tiers">Standard first.</param>
internal sealed record LangfusePrices(string Model, string Provider, IReadOnlyList<LangfusePrices.Tier> Tiers)
{
    private const decimal Million = 1_000_000;

    // The first key that is there; the rest repeat the same price under other names.
    private static readonly (string Kind, string[] Keys)[] Kinds =
    [
        ("input", ["input", "input_text_tokens", "input_text"]),
        ("cache_read", ["input_cached_tokens", "input_cache_read", "cache_read_input_tokens", "input_cached_text_tokens"]),
        ("cache_write", ["input_cache_creation_5m", "input_cache_creation", "cache_creation_input_tokens", "cache_write_tokens"]),
        ("cache_write_1h", ["input_cache_creation_1h"]),
        ("audio_input", ["input_audio_tokens", "input_audio"]),
        ("output", ["output", "output_text_tokens", "output_text"]),
        ("audio_output", ["output_audio_tokens", "output_audio"]),
    ];

    /// <summary>Prices under conditions.</summary>
    /// <param name="ServiceTier">Service tier; <c>standard</c> when the condition says nothing of it.</param>
    /// <param name="AboveInputTokens">Input tokens above which the prices hold; 0 for always.</param>
    /// <param name="Prices">By kind.</param>
    internal sealed record Tier(string ServiceTier, long AboveInputTokens, IReadOnlyDictionary<string, decimal> Prices);

    /// <exception cref="InvalidDataException">The file is not langfuse's price table.</exception>
    public static IReadOnlyList<LangfusePrices> Read(string path)
    {
        try
        {
            JsonArray models = JsonNode.Parse(File.ReadAllBytes(path))!.AsArray();
            return
            [
                .. from model in models
                   let name = (string)model!["modelName"]!
                   let provider = ProviderOf(name)
                   where provider is not null
                   let tiers = model["pricingTiers"]!.AsArray().OrderBy(t => t!["priority"]!.GetValue<int>()).Select(t => ReadTier(t!)).ToList()
                   where tiers.All(t => t is not null)
                   select new LangfusePrices(name, provider, tiers!),
            ];
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InvalidDataException($"{path}: langfuse's default-model-prices.json is expected: {e.Message}", e);
        }
    }

    private static Tier? ReadTier(JsonNode tier)
    {
        string serviceTier = "standard";
        long above = 0;
        foreach (JsonNode? condition in tier["conditions"]!.AsArray())
        {
            if (condition!["usageDetailPattern"] is not null && (string?)condition["operator"] == "gt")
            {
                above = condition["value"]!.GetValue<long>();
            }
            else if (condition["values"] is JsonArray values && (string?)condition["key"] is "service_tier" or "speed")
            {
                serviceTier = ServiceTier((string)condition["key"]!, [.. condition["values"]!.AsArray().Select(v => (string)v!)]);
            }
            else
            {
                return null;
            }
        }

        return new Tier(serviceTier, above, ReadPrices(tier["prices"]!.AsObject()));
    }

    private static string ServiceTier(string key, string[] values) => key == "speed" || !values.Contains("priority") ? values[0] : "priority";

    private static Dictionary<string, decimal> ReadPrices(JsonObject prices)
    {
        var result = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach ((string kind, string[] keys) in Kinds)
        {
            if (keys.Select(k => prices[k]).FirstOrDefault(p => p is not null) is { } price)
            {
                result[kind] = PriceEntries.Round(price.GetValue<decimal>() * Million);
            }
        }

        // Embedding models have one price for everything.
        if (result.Count == 0 && prices["total"] is { } total)
        {
            result["input"] = PriceEntries.Round(total.GetValue<decimal>() * Million);
        }

        return result;
    }

    private static string? ProviderOf(string model) => model switch
    {
        _ when model.StartsWith("claude", StringComparison.Ordinal) => "anthropic",
        _ when model.StartsWith("gemini", StringComparison.Ordinal) => "google",
        _ when model.StartsWith("gpt", StringComparison.Ordinal) || model.StartsWith("text-embedding", StringComparison.Ordinal)
            || model.StartsWith("ft:", StringComparison.Ordinal) || (model.Length > 1 && model[0] == 'o' && char.IsAsciiDigit(model[1])) => "openai",
        _ => null,
    };
}
