using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Holds a book against langfuse's standard prices and lists where the two disagree.</summary>
internal static class SourceComparison
{
    /// <summary>One disagreement, US dollars for one million tokens; a price is null where that source has none.</summary>
    internal sealed record Difference(string Provider, string Model, string Kind, decimal? Ours, decimal? Theirs);

    /// <summary>What a comparison found.</summary>
    /// <param name="Compared">Prices of models that both sources know.</param>
    /// <param name="Differences">Those that are not equal.</param>
    /// <param name="OnlyTheirs">Models that the book does not know.</param>
    internal sealed record Result(int Compared, IReadOnlyList<Difference> Differences, IReadOnlyList<string> OnlyTheirs);

    public static Result Compare(PriceBook book, IReadOnlyList<LangfusePrices> langfuse, DateTimeOffset at)
    {
        var differences = new List<Difference>();
        var unknown = new List<string>();
        int compared = 0;
        foreach (LangfusePrices theirs in langfuse)
        {
            if (book.Find(theirs.Provider, null, theirs.Model)?.At(at) is not { } set)
            {
                unknown.Add($"{theirs.Provider}/{theirs.Model}");
                continue;
            }

            foreach (LangfusePrices.Tier length in theirs.Tiers.Where(t => t.ServiceTier == ServiceTiers.Standard))
            {
                compared += CompareOne(theirs, length, set, differences);
            }
        }

        return new Result(compared, differences, unknown);
    }

    private static int CompareOne(LangfusePrices model, LangfusePrices.Tier length, PriceSet set, List<Difference> differences)
    {
        int compared = 0;
        foreach (TokenKind kind in Enum.GetValues<TokenKind>())
        {
            string name = PriceKinds.Name(kind);
            decimal? ours = set.PriceOf(kind)?.For(length.AboveInputTokens + 1);
            decimal? theirs = length.Prices.TryGetValue(name, out decimal price) ? price : null;
            if ((ours ?? theirs) is null)
            {
                continue;
            }

            compared++;
            if (ours != theirs)
            {
                string kindAndLength = length.AboveInputTokens == 0 ? name : $"{name} over {length.AboveInputTokens}";
                differences.Add(new Difference(model.Provider, model.Model, kindAndLength, ours, theirs));
            }
        }

        return compared;
    }
}
