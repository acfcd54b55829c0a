using System.Text.Json;
using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices;

/// <summary>
/// Turns pydantic/genai-prices v2 data (MIT) into this project's price files, one a provider. What is in the result: ids, match clauses and figures; what
/// is not: descriptions and extractors.
/// </summary>
internal static class GenAiPricesImport
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["input_mtok"] = "input",
        ["cache_read_mtok"] = "cache_read",
        ["cache_write_mtok"] = "cache_write",
        ["cache_write_1h_mtok"] = "cache_write_1h",
        ["input_audio_mtok"] = "audio_input",
        ["cache_audio_read_mtok"] = "audio_cache_read",
        ["input_image_mtok"] = "image_input",
        ["cache_image_read_mtok"] = "image_cache_read",
        ["input_video_mtok"] = "video_input",
        ["output_mtok"] = "output",
        ["output_reasoning_mtok"] = "reasoning",
        ["output_audio_mtok"] = "audio_output",
        ["output_image_mtok"] = "image_output",
        ["output_video_mtok"] = "video_output",
        ["output_citation_mtok"] = "citation",
    };

    // OpenTelemetry provider names, current and legacy, and the names that frameworks use (semantic conventions 1.41, gen_ai.provider.name).
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["openai"] = ["openai"],
        ["azure"] = ["azure.ai.openai", "azure.ai.inference", "az.ai.openai", "az.ai.inference", "azure_openai", "azure-openai"],
        ["anthropic"] = ["anthropic"],
        ["google"] = ["gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai", "vertex_ai", "gemini", "google_ai_studio"],
        ["aws"] = ["aws.bedrock", "bedrock", "amazon-bedrock"],
        ["mistral"] = ["mistral_ai", "mistralai"],
        ["cohere"] = ["cohere"],
        ["deepseek"] = ["deepseek"],
        ["x-ai"] = ["x_ai", "xai"],
        ["groq"] = ["groq"],
        ["together"] = ["together_ai", "together-ai", "togetherai"],
        ["fireworks"] = ["fireworks_ai", "fireworks-ai"],
        ["moonshotai"] = ["moonshot_ai", "moonshot"],
        ["voyageai"] = ["voyage_ai", "voyage"],
    };

    /// <summary>The files by name.</summary>
    public static SortedDictionary<string, JsonObject> Convert(JsonArray providers, string sourceUrl, string date)
    {
        var files = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (JsonNode? provider in providers)
        {
            string id = (string)provider!["id"]!;
            files[$"{id}.json"] = new JsonObject
            {
                ["provider"] = id,
                ["names"] = new JsonArray([.. Names.GetValueOrDefault(id, []).Select(n => JsonValue.Create(n))]),
                ["fallbacks"] = provider["fallback_model_providers"]?.DeepClone() ?? new JsonArray(),
                ["source"] = new JsonObject { ["name"] = "pydantic/genai-prices", ["url"] = sourceUrl, ["licence"] = "MIT", ["date"] = date },
                ["published_at"] = provider["pricing_urls"]?.DeepClone() ?? new JsonArray(),
                ["models"] = new JsonArray([.. provider["models"]!.AsArray().Select(m => ConvertModel(m!.AsObject()))]),
            };
        }

        return files;
    }

    private static JsonObject ConvertModel(JsonObject model) => new()
    {
        ["id"] = model["id"]!.DeepClone(),
        ["match"] = model["match"]!.DeepClone(),
        ["prices"] = model["prices"] is JsonArray dated
            ? new JsonArray([.. dated.Select(d => ConvertSet(d!["prices"]!.AsObject(), d["constraint"] as JsonObject))])
            : new JsonArray(ConvertSet(model["prices"]!.AsObject(), null)),
    };

    private static JsonObject ConvertSet(JsonObject prices, JsonObject? constraint)
    {
        var set = new JsonObject();
        Copy(constraint, "start_date", set, "from", v => v);
        Copy(constraint, "start_time", set, "day_start_utc", Minutes);
        Copy(constraint, "end_time", set, "day_end_utc", Minutes);
        var kinds = new JsonObject();
        foreach ((string key, JsonNode? price) in prices)
        {
            if (Kinds.TryGetValue(key, out string? kind))
            {
                kinds[kind] = ConvertPrice(price!);
            }
            else if (key is "requests_kcount" or "web_searches_kcount")
            {
                const decimal Thousand = 1000;
                set[key == "requests_kcount" ? "usd_per_request" : "usd_per_web_search"] = price!.GetValue<decimal>() / Thousand;
            }
            else
            {
                throw new InvalidDataException($"prices.{key}: not known; allowed: {string.Join(", ", Kinds.Keys)}, requests_kcount, web_searches_kcount");
            }
        }

        set["usd_per_million_tokens"] = kinds;
        return set;
    }

    private static JsonNode ConvertPrice(JsonNode price) => price is not JsonObject tiered ? price.DeepClone() : new JsonObject
    {
        ["base"] = tiered["base"]!.DeepClone(),
        ["steps"] = new JsonArray([.. tiered["tiers"]!.AsArray().Select(t => new JsonObject
        {
            ["above_input_tokens"] = t!["start"]!.DeepClone(),
            ["price"] = t["price"]!.DeepClone(),
        })]),
    };

    private static void Copy(JsonObject? from, string name, JsonObject to, string newName, Func<string, string> convert)
    {
        if (from?[name] is { } value)
        {
            to[newName] = convert(value.GetValue<JsonElement>().GetString()!);
        }
    }

    // "16:30:00Z" or "16:30:00" to "16:30".
    private static string Minutes(string time) => time[..5];
}
