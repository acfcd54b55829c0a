using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Turns the prices of one genai-prices model into entries of a price file.</summary>
internal static class PriceEntries
{
    private const decimal Thousand = 1000;
    private const int Decimals = 9;

    private static readonly Dictionary<string, TokenKind> Kinds = new(StringComparer.Ordinal)
    {
        ["input_mtok"] = TokenKind.Input,
        ["cache_read_mtok"] = TokenKind.CacheRead,
        ["cache_write_mtok"] = TokenKind.CacheWrite,
        ["cache_write_1h_mtok"] = TokenKind.CacheWriteOneHour,
        ["input_audio_mtok"] = TokenKind.AudioInput,
        ["cache_audio_read_mtok"] = TokenKind.AudioCacheRead,
        ["input_image_mtok"] = TokenKind.ImageInput,
        ["cache_image_read_mtok"] = TokenKind.ImageCacheRead,
        ["input_video_mtok"] = TokenKind.VideoInput,
        ["output_mtok"] = TokenKind.Output,
        ["output_reasoning_mtok"] = TokenKind.Reasoning,
        ["output_audio_mtok"] = TokenKind.AudioOutput,
        ["output_image_mtok"] = TokenKind.ImageOutput,
        ["output_video_mtok"] = TokenKind.VideoOutput,
        ["output_citation_mtok"] = TokenKind.Citation,
    };

    private static readonly Dictionary<string, (string Name, decimal Per)> Other = new(StringComparer.Ordinal)
    {
        ["storage_searches_kcount"] = ("file_search", Thousand),
        ["input_text_messages_kcount"] = ("text_message", Thousand),
        ["input_document_kpages"] = ("document_page", Thousand),
        ["input_annotated_document_kpages"] = ("annotated_document_page", Thousand),
        ["audio_hours"] = ("audio_hour", 1),
        ["input_audio_hours"] = ("audio_input_hour", 1),
    };

    /// <summary>The entries in the order of the source, in which the last that holds wins, then those that other facts add.</summary>
    /// <exception cref="InvalidDataException">A price, constraint or unit is of a form that the book has no place for.</exception>
    public static JsonArray Convert(string provider, string model, JsonNode prices)
    {
        var entries = new List<JsonObject>();
        string? from = null;
        foreach (JsonObject dated in prices is JsonArray list ? list.Select(d => d!.AsObject()) : [new JsonObject { ["prices"] = prices.DeepClone() }])
        {
            var constraint = dated["constraint"] as JsonObject;
            from = (string?)constraint?["start_date"] ?? from;
            JsonObject priced = dated["prices"]!.AsObject();
            if (ProviderFacts.IsEmbedding(model))
            {
                priced.Remove("output_mtok");
            }

            entries.Add(ConvertEntry(priced, constraint, from, ProviderFacts.IsFree(provider, model)));
        }

        entries.AddRange([.. ExtraEntries.For(provider, model, entries)]);
        return new JsonArray([.. entries]);
    }

    /// <summary>US dollars without the noise of binary fractions (0.18000000000000002), at most 9 decimals.</summary>
    public static decimal Round(decimal usd)
    {
        // The division takes the zeros away that a sum or product leaves at the end.
        const decimal OneWithEveryDecimal = 1.0000000000000000000000000000m;
        return Math.Round(usd, Decimals) / OneWithEveryDecimal;
    }

    /// <summary>The same as JSON.</summary>
    public static JsonValue Money(decimal usd) => JsonValue.Create(Round(usd));

    private static JsonObject ConvertEntry(JsonObject prices, JsonObject? constraint, string? from, bool isFree)
    {
        JsonObject entry = Constrained(constraint, from);
        var kinds = new SortedDictionary<TokenKind, JsonNode>();
        var other = new JsonObject();
        foreach ((string unit, JsonNode? price) in prices)
        {
            if (Kinds.TryGetValue(unit, out TokenKind kind))
            {
                kinds[kind] = Price(price!);
            }
            else
            {
                AddFee(entry, other, unit, price!.GetValue<decimal>());
            }
        }

        if (isFree && prices.Count == 0)
        {
            (kinds[TokenKind.Input], kinds[TokenKind.Output]) = (0, 0);
        }

        entry["usd_per_million_tokens"] = new JsonObject(kinds.Select(k => KeyValuePair.Create(PriceKinds.Name(k.Key), (JsonNode?)k.Value)));
        if (other.Count > 0)
        {
            entry["usd_per_other"] = other;
        }

        return entry;
    }

    // The source cannot give an entry both a first day and hours of the day: hours that come after a dated entry belong to its time.
    private static JsonObject Constrained(JsonObject? constraint, string? from)
    {
        const int Minutes = 5;
        var entry = new JsonObject();
        if (constraint is not null && from is not null)
        {
            entry["from"] = from;
        }

        foreach ((string name, JsonNode? value) in constraint ?? [])
        {
            string text = (string)value!;
            switch (name)
            {
                case "type" or "start_date":
                    break;
                case "start_time" or "end_time" when text.EndsWith(":00Z", StringComparison.Ordinal):
                    entry[name == "start_time" ? "day_start_utc" : "day_end_utc"] = text[..Minutes];
                    break;
                default:
                    throw new InvalidDataException($"constraint {name} = {text}: start_date, or start_time and end_time in whole UTC minutes, are expected");
            }
        }

        return entry;
    }

    // What spans count is billed; what they do not is kept to be seen.
    private static void AddFee(JsonObject entry, JsonObject other, string unit, decimal price)
    {
        switch (unit)
        {
            case "requests_kcount":
                entry["usd_per_request"] = Money(price / Thousand);
                break;
            case "web_searches_kcount":
                entry["usd_per_web_search"] = Money(price / Thousand);
                break;
            default:
                (string name, decimal per) = Other.TryGetValue(unit, out var known) ? known : throw new InvalidDataException($"the unit {unit} is not known to this import");
                other[name] = Money(price / per);
                break;
        }
    }

    private static JsonNode Price(JsonNode price) => price is not JsonObject tiered ? Money(price.GetValue<decimal>()) : new JsonObject
    {
        ["base"] = Money(tiered["base"]!.GetValue<decimal>()),
        ["steps"] = new JsonArray([.. tiered["tiers"]!.AsArray().OrderBy(t => t!["start"]!.GetValue<decimal>()).Select(t => new JsonObject
        {
            ["above_input_tokens"] = decimal.ToInt64(t!["start"]!.GetValue<decimal>()),
            ["price"] = Money(t["price"]!.GetValue<decimal>()),
        })]),
    };
}
