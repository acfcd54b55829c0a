using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Prices that genai-prices tells of in words or not at all, each with where it is published.</summary>
internal static class ExtraEntries
{
    private const string AnthropicBatches = "https://platform.claude.com/docs/en/build-with-claude/batch-processing: batches cost half of the standard price, all kinds of tokens (2026-09)";
    private const string DeepSeekWeekends = "https://api-docs.deepseek.com/quick_start/pricing: from 2026-08-23 no peak hours on Saturday and Sunday, Beijing time";
    private const decimal Half = 0.5m;

    /// <summary>What is to be added to a model's entries.</summary>
    public static IEnumerable<JsonObject> For(string provider, string model, IReadOnlyList<JsonObject> entries) => provider switch
    {
        "anthropic" => entries.Select(Batch),
        "deepseek" when model.StartsWith("deepseek-v4", StringComparison.Ordinal) => entries
            .Where(e => e["from"] is not null && e["day_start_utc"] is null)
            .Select(Weekend),
        _ => [],
    };

    private static JsonObject Batch(JsonObject standard)
    {
        var batch = new JsonObject();
        foreach ((string name, JsonNode? value) in standard)
        {
            if (name == "usd_per_million_tokens")
            {
                batch["tier"] = "batch";
            }

            batch[name] = name == "usd_per_million_tokens" ? Halved(value!) : value!.DeepClone();
        }

        batch["source"] = AnthropicBatches;
        return batch;
    }

    private static JsonNode Halved(JsonNode price) => price switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)Halved(m.Value!)))),
        JsonArray steps => new JsonArray([.. steps.Select(s => new JsonObject { ["above_input_tokens"] = s!["above_input_tokens"]!.DeepClone(), ["price"] = Halved(s["price"]!) })]),
        _ => PriceEntries.Money(price.GetValue<decimal>() * Half),
    };

    // The peak hours lie within one day both in UTC and in Beijing, so that the weekend's days are the same there.
    private static JsonObject Weekend(JsonObject offPeak) => new()
    {
        ["from"] = "2026-08-23",
        ["days_utc"] = new JsonArray("saturday", "sunday"),
        ["usd_per_million_tokens"] = offPeak["usd_per_million_tokens"]!.DeepClone(),
        ["source"] = DeepSeekWeekends,
    };
}
