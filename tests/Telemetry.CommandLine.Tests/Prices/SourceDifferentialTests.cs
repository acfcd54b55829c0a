using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Telemetry.CommandLine.Prices.Import;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Tests.Prices;

/// <summary>
/// Holds the shipped book against the npm package that it was imported from: for every id that the source lists, found and dated by the source's own
/// rules (first match in file order, last constraint that holds), every price is the same. The rules are written here a second time, on purpose.
/// </summary>
public class SourceDifferentialTests
{
    private static readonly DateTimeOffset[] Moments =
    [
        new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero), new(2026, 8, 20, 0, 0, 0, TimeSpan.Zero), new(2026, 10, 1, 18, 0, 0, TimeSpan.Zero), new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
    ];

    private static readonly (string Key, TokenKind Kind)[] Units =
    [
        ("input_mtok", TokenKind.Input), ("cache_read_mtok", TokenKind.CacheRead), ("cache_write_mtok", TokenKind.CacheWrite), ("cache_write_1h_mtok", TokenKind.CacheWriteOneHour),
        ("input_audio_mtok", TokenKind.AudioInput), ("cache_audio_read_mtok", TokenKind.AudioCacheRead), ("input_image_mtok", TokenKind.ImageInput),
        ("cache_image_read_mtok", TokenKind.ImageCacheRead), ("output_mtok", TokenKind.Output), ("output_reasoning_mtok", TokenKind.Reasoning),
        ("output_audio_mtok", TokenKind.AudioOutput), ("output_image_mtok", TokenKind.ImageOutput),
    ];

    // Where the book knows better, on purpose: mistral-embed has no output; gpt-4o-audio-preview's audio prices come from the second source.
    private static readonly string[] Corrected = ["mistral/mistral-embed", "openai/gpt-4o-audio-preview"];

    [Fact]
    public void Every_price_of_the_source_is_in_the_book_unchanged()
    {
        var book = PriceBook.Parse([.. Directory.GetFiles(CommandRun.PricesDirectory, "*.json").Order(StringComparer.Ordinal).Select(f => (f, (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))]);
        int compared = 0;
        var wrong = new List<string>();
        foreach (JsonObject provider in GenAiPricesSource.Read(CommandRun.GenAiPackage).Providers.Select(p => p!.AsObject()))
        {
            foreach (string id in provider["models"]!.AsArray().SelectMany(m => Ids(m!["match"]!.AsObject()).Append((string)m!["id"]!)).Distinct())
            {
                compared += Compare(book, provider, id, wrong);
            }
        }

        Assert.Empty(wrong);
        Assert.True(compared > 20_000, $"only {compared} prices were compared");
    }

    private static int Compare(PriceBook book, JsonObject provider, string id, List<string> wrong)
    {
        string providerId = (string)provider["id"]!;
        JsonObject? theirs = provider["models"]!.AsArray().Select(m => m!.AsObject()).FirstOrDefault(m => Matches(m["match"]!.AsObject(), id.ToLowerInvariant()));
        ModelPrices? ours = book.Find(providerId, id, null);
        if (theirs is null || Corrected.Contains($"{providerId}/{theirs["id"]}"))
        {
            return 0;
        }

        if (ours is null || ours.Id != (string)theirs["id"]!)
        {
            wrong.Add($"{providerId}/{id}: {ours?.Id} instead of {theirs["id"]}");
            return 0;
        }

        int compared = 0;
        foreach (DateTimeOffset at in Moments)
        {
            JsonObject prices = PricesAt(theirs["prices"]!, at);
            foreach ((string key, TokenKind kind) in Units)
            {
                foreach (long input in (ReadOnlySpan<long>)[1, 128_000, 128_001, 200_000, 200_001, 272_000, 272_001, 512_001])
                {
                    compared++;
                    decimal? expected = Price(prices[key], input);
                    decimal? actual = ours.At(at)?.PriceOf(kind)?.For(input);
                    if (expected != actual && !(expected is null && actual == 0 && prices.Count == 0))
                    {
                        wrong.Add($"{providerId}/{id} {key} at {at:u} for {input}: {actual} instead of {expected}");
                    }
                }
            }
        }

        return compared;
    }

    private static JsonObject PricesAt(JsonNode prices, DateTimeOffset at) => prices is JsonObject always
        ? always
        : prices.AsArray().Select(p => p!.AsObject()).Last(p => Holds(p["constraint"] as JsonObject, at))["prices"]!.AsObject();

    private static bool Holds(JsonObject? constraint, DateTimeOffset at)
    {
        if (constraint?["start_date"] is { } day)
        {
            return at >= DateTimeOffset.Parse($"{day}T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        }

        if (constraint is null)
        {
            return true;
        }

        var time = TimeOnly.FromDateTime(at.UtcDateTime);
        TimeOnly start = TimeOnly.ParseExact((string)constraint["start_time"]!, "HH:mm:ss'Z'"), end = TimeOnly.ParseExact((string)constraint["end_time"]!, "HH:mm:ss'Z'");
        return time >= start && time < end;
    }

    private static decimal? Price(JsonNode? price, long input) => price switch
    {
        null => null,
        JsonObject tiered => Math.Round(
            tiered["tiers"]!.AsArray().Where(t => input > t!["start"]!.GetValue<decimal>()).OrderBy(t => t!["start"]!.GetValue<decimal>()).LastOrDefault()?["price"]?.GetValue<decimal>()
            ?? tiered["base"]!.GetValue<decimal>(), 9),
        _ => Math.Round(price.GetValue<decimal>(), 9),
    };

    private static IEnumerable<string> Ids(JsonObject clause)
    {
        (string kind, JsonNode? value) = clause.Single();
        return kind switch
        {
            "or" or "and" => value!.AsArray().SelectMany(c => Ids(c!.AsObject())),
            "regex" => [],
            _ => [(string)value!],
        };
    }

    private static bool Matches(JsonObject clause, string id)
    {
        (string kind, JsonNode? value) = clause.Single();
        string text = value is JsonArray ? "" : ((string)value!).ToLowerInvariant();
        return kind switch
        {
            "or" => value!.AsArray().Any(c => Matches(c!.AsObject(), id)),
            "and" => value!.AsArray().All(c => Matches(c!.AsObject(), id)),
            "equals" => id == text,
            "starts_with" => id.StartsWith(text, StringComparison.Ordinal),
            "ends_with" => id.EndsWith(text, StringComparison.Ordinal),
            "contains" => id.Contains(text, StringComparison.Ordinal),
            _ => Regex.IsMatch(id, (string)value!),
        };
    }
}
