using System.Globalization;
using System.Text.Json;

namespace Telemetry.Contracts.Prices;

/// <summary>A value in a price file that knows its place, and notes what is wrong with it instead of throwing.</summary>
internal readonly struct PriceJson(JsonElement element, string path, List<string> errors)
{
    private const int LongestShown = 60;

    public JsonValueKind Kind => element.ValueKind;

    public string Path => path;

    public void Error(string problem) => errors.Add($"{path}: {problem}");

    /// <summary>The member of that name; null when it is not there.</summary>
    public PriceJson? Member(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? new PriceJson(value, $"{path}.{name}", errors) : null;

    /// <summary>The member of that name; an error when it is not there.</summary>
    public PriceJson? Required(string name)
    {
        PriceJson? member = Member(name);
        if (member is null)
        {
            Error($"\"{name}\" is missing");
        }

        return member;
    }

    /// <summary>Whether this is an object with no other members than these; every other one is an error, since a misspelt price is no price.</summary>
    public bool IsObjectOf(params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Error($"an object is expected, not {Shown()}");
            return false;
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!allowed.Contains(member.Name))
            {
                Error($"\"{member.Name}\" is not known; allowed: {string.Join(", ", allowed.ToArray())}");
            }
        }

        return true;
    }

    public List<PriceJson> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Error($"an array is expected, not {Shown()}");
            return [];
        }

        var items = new List<PriceJson>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            items.Add(new PriceJson(item, $"{path}[{items.Count}]", errors));
        }

        return items;
    }

    public List<(string Name, PriceJson Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Error($"an object is expected, not {Shown()}");
            return [];
        }

        var members = new List<(string, PriceJson)>();
        foreach (JsonProperty member in element.EnumerateObject())
        {
            members.Add((member.Name, new PriceJson(member.Value, $"{path}.{member.Name}", errors)));
        }

        return members;
    }

    public string Text()
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        Error($"a text that is not empty is expected, not {Shown()}");
        return "";
    }

    /// <summary>
    /// US dollars, exactly as written in plain digits: a number or, for writers that know only binary fractions, a text of a number. Short enough that
    /// nothing is rounded.
    /// </summary>
    public decimal Money()
    {
        const decimal MostExpensive = 1_000_000m;
        const byte MostDecimals = 9;
        const int MostDigits = 24;
        string? digits = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.String => element.GetString(),
            _ => null,
        };
        if (digits?.Length <= MostDigits && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd)
            && usd <= MostExpensive && decimal.Round(usd, MostDecimals) == usd)
        {
            return usd;
        }

        Error($"US dollars from 0 to {MostExpensive} in plain digits with at most {MostDecimals} decimals are expected, not {Shown()}");
        return 0;
    }

    public long Tokens()
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long tokens) && tokens > 0)
        {
            return tokens;
        }

        Error($"a whole number of tokens above 0 is expected, not {Shown()}");
        return 1;
    }

    public DateOnly? Day() => Exact<DateOnly>("a day such as 2026-09-01", static (string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out day));

    public TimeOnly? Time() => Exact<TimeOnly>("a time such as 16:30", static (string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", out time));

    private delegate bool TryParse<T>(string text, out T value);

    private T? Exact<T>(string expected, TryParse<T> tryParse)
        where T : struct
    {
        if (element.ValueKind == JsonValueKind.String && tryParse(element.GetString()!, out T value))
        {
            return value;
        }

        Error($"{expected} is expected, not {Shown()}");
        return null;
    }

    private string Shown()
    {
        string raw = element.GetRawText();
        return raw.Length <= LongestShown ? raw : raw[..LongestShown] + "...";
    }
}
