using System.Globalization;
using System.Text.Json;

namespace Telemetry.Contracts.Prices;

/// <summary>Reads one entry of a model's prices.</summary>
internal static class PriceSetReader
{
    public static PriceSet Read(PriceJson set, string model)
    {
        if (!set.IsObjectOf("from", "days_utc", "day_start_utc", "day_end_utc", "tier", "usd_per_million_tokens", "usd_per_request", "usd_per_web_search", "usd_per_other", "source"))
        {
            return new PriceSet { Id = set.Path, UsdPerMillion = new Dictionary<TokenKind, TieredPrice>() };
        }

        DateOnly? from = set.Member("from")?.Day();
        TimeOnly? start = set.Member("day_start_utc")?.Time();
        TimeOnly? end = set.Member("day_end_utc")?.Time();
        if (set.Member("day_start_utc") is null != set.Member("day_end_utc") is null || (start is not null && start == end))
        {
            set.Error("\"day_start_utc\" and \"day_end_utc\" are given together and differ");
        }

        DayOfWeek[] days = ReadDays(set.Member("days_utc"));
        string tier = ServiceTiers.Normalize(set.Member("tier")?.Text());
        return new PriceSet
        {
            Id = Id(model, from, days, start, tier),
            Tier = tier,
            From = from,
            Days = days,
            DayStart = start,
            DayEnd = end,
            UsdPerMillion = ReadKinds(set.Required("usd_per_million_tokens")),
            UsdPerRequest = set.Member("usd_per_request")?.Money(),
            UsdPerWebSearch = set.Member("usd_per_web_search")?.Money(),
            UsdPerOther = (set.Member("usd_per_other")?.Members() ?? []).ToDictionary(m => m.Name, m => m.Value.Money()),
            Source = set.Member("source")?.Text(),
        };
    }

    private static DayOfWeek[] ReadDays(PriceJson? days)
    {
        var read = new List<DayOfWeek>();
        foreach (PriceJson item in days?.Items() ?? [])
        {
            string name = item.Text();
            if (name.All(char.IsAsciiLetter) && Enum.TryParse(name, ignoreCase: true, out DayOfWeek day) && !read.Contains(day))
            {
                read.Add(day);
            }
            else
            {
                item.Error($"a day of the week, each once, is expected: {string.Join(", ", Enum.GetNames<DayOfWeek>()).ToLowerInvariant()}");
            }
        }

        return [.. read];
    }

    private static string Id(string model, DateOnly? from, DayOfWeek[] days, TimeOnly? start, string tier)
    {
        string day = from?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "start";
        string hours = start is { } time ? $"T{time.ToString("HHmm", CultureInfo.InvariantCulture)}" : "";
        string weekdays = string.Concat(days.Select(d => "-" + d.ToString().ToLowerInvariant()));
        return $"{model}@{day}{weekdays}{hours}{(tier == ServiceTiers.Standard ? "" : $"#{tier}")}";
    }

    private static Dictionary<TokenKind, TieredPrice> ReadKinds(PriceJson? kinds)
    {
        var prices = new Dictionary<TokenKind, TieredPrice>();
        foreach ((string name, PriceJson price) in kinds?.Members() ?? [])
        {
            if (PriceKinds.TryParse(name, out TokenKind kind))
            {
                prices[kind] = ReadPrice(price);
            }
            else
            {
                price.Error($"\"{name}\" is no kind of token; allowed: {PriceKinds.All}");
            }
        }

        CheckParents(kinds, prices);
        return prices;
    }

    // A part without its whole would leave the rest of the whole without a price on every call.
    private static void CheckParents(PriceJson? kinds, Dictionary<TokenKind, TieredPrice> prices)
    {
        bool inputParts = prices.Keys.Any(k => k is > TokenKind.Input and < TokenKind.Output);
        bool outputParts = prices.Keys.Any(k => k > TokenKind.Output);
        if (inputParts && !prices.ContainsKey(TokenKind.Input))
        {
            kinds?.Error("parts of the input have prices, \"input\" has none");
        }

        if (outputParts && !prices.ContainsKey(TokenKind.Output))
        {
            kinds?.Error("parts of the output have prices, \"output\" has none");
        }
    }

    private static TieredPrice ReadPrice(PriceJson price)
    {
        if (price.Kind != JsonValueKind.Object)
        {
            return new TieredPrice(price.Money(), []);
        }

        price.IsObjectOf("base", "steps");
        decimal first = price.Required("base")?.Money() ?? 0;
        var steps = new List<(long Above, decimal Price)>();
        foreach (PriceJson step in price.Required("steps")?.Items() ?? [])
        {
            step.IsObjectOf("above_input_tokens", "price");
            long above = step.Required("above_input_tokens")?.Tokens() ?? 1;
            if (steps.Count > 0 && above <= steps[^1].Above)
            {
                step.Error("steps must rise: each \"above_input_tokens\" above the one before it");
            }

            steps.Add((above, step.Required("price")?.Money() ?? 0));
        }

        return new TieredPrice(first, steps);
    }
}
