using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Telemetry.Contracts.Prices;

/// <summary>Reads price files; their layout is described in <c>schemas/prices/README.md</c>.</summary>
internal sealed class PriceBookParser
{
    private readonly List<string> _errors = [];

    public static PriceBook Parse(IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> files)
    {
        var parser = new PriceBookParser();
        var providers = new Dictionary<string, ProviderPrices>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string fileName, ReadOnlyMemory<byte> json) in files.OrderBy(f => f.FileName, StringComparer.Ordinal))
        {
            hash.AppendData(json.Span);
            if (parser.ReadFile(fileName, json) is { } provider)
            {
                providers[provider.Id] = providers.TryGetValue(provider.Id, out ProviderPrices? earlier) ? Overlay(earlier, provider) : provider;
            }
        }

        if (files.Count == 0)
        {
            parser._errors.Add("there are no price files");
        }

        const int VersionBytes = 6;
        return parser._errors.Count > 0
            ? throw new PriceBookException(parser._errors)
            : new PriceBook(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, VersionBytes)), [.. providers.Values]);
    }

    private static ProviderPrices Overlay(ProviderPrices earlier, ProviderPrices later) => new(
        later.Id,
        [.. earlier.Names.Union(later.Names)],
        [.. earlier.Fallbacks.Union(later.Fallbacks)],
        [.. earlier.Models.Where(m => later.Models.All(l => l.Id != m.Id)), .. later.Models]);

    private ProviderPrices? ReadFile(string fileName, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            string provider = Text(root, "provider", fileName);
            return new ProviderPrices(
                provider,
                Texts(root, "names"),
                Texts(root, "fallbacks"),
                [.. Items(root, "models", fileName).Select((m, i) => ReadModel(m, provider, $"{fileName}: models[{i}]"))]);
        }
        catch (JsonException e)
        {
            _errors.Add($"{fileName}: not JSON: {e.Message}");
            return null;
        }
    }

    private ModelPrices ReadModel(JsonElement model, string provider, string path)
    {
        string id = Text(model, "id", path);
        path = $"{path} ({id})";
        ModelMatch match = model.TryGetProperty("match", out JsonElement clause) ? ReadMatch(clause, $"{path}.match") : ModelMatch.Literal("equals", id);
        PriceSet[] sets = [.. Items(model, "prices", path).Select((s, i) => ReadSet(s, $"{path}.prices[{i}]"))];
        if (sets.Length == 0)
        {
            _errors.Add($"{path}.prices: at least one entry is needed");
        }

        return new ModelPrices(provider, id, match, sets);
    }

    private ModelMatch ReadMatch(JsonElement clause, string path)
    {
        try
        {
            JsonProperty only = clause.EnumerateObject().Single();
            return only.Name switch
            {
                "or" => ModelMatch.Or([.. only.Value.EnumerateArray().Select(c => ReadMatch(c, path))]),
                "and" => ModelMatch.And([.. only.Value.EnumerateArray().Select(c => ReadMatch(c, path))]),
                _ => ModelMatch.Literal(only.Name, only.Value.GetString() ?? ""),
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            _errors.Add($"{path}: {e.Message}");
            return ModelMatch.Literal("equals", "");
        }
    }

    private PriceSet ReadSet(JsonElement set, string path)
    {
        var prices = new Dictionary<TokenKind, TieredPrice>();
        if (set.TryGetProperty("usd_per_million_tokens", out JsonElement kinds) && kinds.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty kind in kinds.EnumerateObject())
            {
                if (PriceKinds.TryParse(kind.Name, out TokenKind parsed))
                {
                    prices[parsed] = ReadPrice(kind.Value, $"{path}.{kind.Name}");
                }
                else
                {
                    _errors.Add($"{path}: \"{kind.Name}\" is no kind of token; allowed: {PriceKinds.All}");
                }
            }
        }

        return new PriceSet
        {
            From = Optional(set, "from", path, "a day such as 2026-09-01", t => DateOnly.ParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
            DayStart = Optional(set, "day_start_utc", path, "a time such as 16:30", t => TimeOnly.ParseExact(t, "HH:mm", CultureInfo.InvariantCulture)),
            DayEnd = Optional(set, "day_end_utc", path, "a time such as 00:30", t => TimeOnly.ParseExact(t, "HH:mm", CultureInfo.InvariantCulture)),
            UsdPerMillion = prices,
            UsdPerRequest = set.TryGetProperty("usd_per_request", out JsonElement fee) ? Money(fee, $"{path}.usd_per_request") : null,
            UsdPerWebSearch = set.TryGetProperty("usd_per_web_search", out JsonElement search) ? Money(search, $"{path}.usd_per_web_search") : null,
        };
    }

    private TieredPrice ReadPrice(JsonElement price, string path)
    {
        if (price.ValueKind != JsonValueKind.Object)
        {
            return new TieredPrice(Money(price, path), []);
        }

        decimal first = price.TryGetProperty("base", out JsonElement b) ? Money(b, $"{path}.base") : Missing<decimal>(path, "base");
        (long, decimal)[] steps =
        [
            .. Items(price, "steps", path).Select((s, i) => (
                s.TryGetProperty("above_input_tokens", out JsonElement above) && above.TryGetInt64(out long tokens) && tokens > 0
                    ? tokens : Missing<long>($"{path}.steps[{i}]", "above_input_tokens"),
                s.TryGetProperty("price", out JsonElement p) ? Money(p, $"{path}.steps[{i}].price") : Missing<decimal>($"{path}.steps[{i}]", "price"))),
        ];
        return new TieredPrice(first, [.. steps.OrderBy(s => s.Item1)]);
    }

    private decimal Money(JsonElement value, string path)
    {
        const decimal MostExpensive = 1_000_000m;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal money) && money is >= 0 and <= MostExpensive)
        {
            return money;
        }

        _errors.Add($"{path} = {value}: a number of US dollars from 0 to {MostExpensive} is expected");
        return 0;
    }

    private T? Optional<T>(JsonElement parent, string name, string path, string expected, Func<string, T> parse)
        where T : struct
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        try
        {
            return parse(value.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            _errors.Add($"{path}.{name} = {value}: {expected} is expected");
            return null;
        }
    }

    private string Text(JsonElement parent, string name, string path) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : Missing<string>(path, name) ?? "";

    private static string[] Texts(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(v => v.ToString())]
            : [];

    private JsonElement.ArrayEnumerator Items(JsonElement parent, string name, string path)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        Missing<string>(path, name);
        return default;
    }

    private T? Missing<T>(string path, string name)
    {
        _errors.Add($"{path}: \"{name}\" is missing or not of the right type");
        return default;
    }
}
