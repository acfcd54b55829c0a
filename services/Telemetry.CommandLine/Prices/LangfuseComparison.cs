using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Prices;

/// <summary>Holds a book against langfuse's default model prices (MIT) and lists where the two disagree.</summary>
internal static class LangfuseComparison
{
    private const long OneMillion = 1_000_000;

    /// <summary>One disagreement; a price is null where that source has none.</summary>
    internal sealed record Difference(string Provider, string Model, string Kind, decimal? Ours, decimal? Theirs);

    /// <summary>All disagreements, and how many prices were compared.</summary>
    public static (IReadOnlyList<Difference> Differences, int Compared) Compare(PriceBook book, JsonArray langfuse, DateTimeOffset at)
    {
        var differences = new List<Difference>();
        int compared = 0;
        foreach (JsonNode? entry in langfuse)
        {
            string model = (string)entry!["modelName"]!;
            JsonNode? standard = entry["pricingTiers"]!.AsArray().FirstOrDefault(t => (bool)t!["isDefault"]!);
            if (Provider(model) is not { } provider || standard?["prices"] is not JsonObject prices || book.Find(provider, model, null)?.At(at) is not { } set)
            {
                continue;
            }

            foreach ((string kind, string key, TokenKind token) in (ReadOnlySpan<(string, string, TokenKind)>)
                [("input", "input", TokenKind.Input), ("cache_read", "input_cached_tokens", TokenKind.CacheRead), ("output", "output", TokenKind.Output)])
            {
                decimal? theirs = prices[key]?.GetValue<decimal>() * OneMillion;
                decimal? ours = set.UsdPerMillion.TryGetValue(token, out TieredPrice? price) ? price.Base : null;
                if (theirs is null && ours is null)
                {
                    continue;
                }

                compared++;
                if (theirs != ours)
                {
                    differences.Add(new Difference(provider, model, kind, ours, theirs));
                }
            }
        }

        return (differences, compared);
    }

    private static string? Provider(string model) => model switch
    {
        _ when model.StartsWith("claude", StringComparison.Ordinal) => "anthropic",
        _ when model.StartsWith("gemini", StringComparison.Ordinal) => "google",
        _ when model.StartsWith("gpt", StringComparison.Ordinal) || model.StartsWith("text-embedding", StringComparison.Ordinal)
            || (model.Length > 1 && model[0] == 'o' && char.IsAsciiDigit(model[1])) => "openai",
        _ => null,
    };
}
