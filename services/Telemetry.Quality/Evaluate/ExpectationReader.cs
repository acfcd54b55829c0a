using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Processor.Screen.Text;

namespace Telemetry.Quality.Evaluate;

/// <summary>Reads what must hold of a case's answer.</summary>
internal sealed class ExpectationReader(EvalCaseReader owner)
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private static readonly string[] Known =
        ["contains", "not_contains", "equals", "regex", "json_schema", "max_tokens", "max_latency_ms", "tool_called", "language", "refusal", "rubric"];

    /// <summary>What must hold.</summary>
    public List<Expectation> Found { get; } = [];

    /// <summary>Lowest scores by rubric.</summary>
    public Dictionary<string, double> Rubrics { get; } = [];

    /// <summary>Reads the object; what is wrong is noted with its owner.</summary>
    public void Read(JsonElement expect)
    {
        if (expect.ValueKind != JsonValueKind.Object || !expect.EnumerateObject().Any())
        {
            owner.Refuse("expect", expect, $"an object of one or more of {string.Join(", ", Known)}");
            return;
        }

        owner.RefuseOthers(expect, "expect.", Known);
        foreach (JsonProperty property in expect.EnumerateObject())
        {
            Read(property.Name, property.Value);
        }
    }

    private void Read(string name, JsonElement value)
    {
        string field = "expect." + name;
        switch (name)
        {
            case "contains" or "not_contains":
                Found.AddRange(Texts(field, value).Select(t => new ContainsExpectation(t, name == "contains")));
                break;
            case "equals":
                Found.AddRange(Texts(field, value).Take(1).Select(t => new EqualsExpectation(t)));
                break;
            case "regex":
                Found.AddRange(Texts(field, value).Select(t => Pattern(field, t)).OfType<Regex>().Select(r => new RegexExpectation(r)));
                break;
            case "json_schema" when value.ValueKind == JsonValueKind.Object:
                Found.Add(new SchemaExpectation(value));
                break;
            case "json_schema":
                owner.Refuse(field, value, "a JSON schema");
                break;
            case "max_tokens":
                Number(field, value, n => new TokensExpectation((long)n));
                break;
            case "max_latency_ms":
                Number(field, value, n => new LatencyExpectation(n));
                break;
            case "tool_called":
                Found.AddRange(Texts(field, value).Select(t => new ToolExpectation(t)));
                break;
            case "language":
                AddLanguage(field, value);
                break;
            case "refusal":
                Found.Add(new RefusalExpectation(owner.Bool(value, field)));
                break;
            case "rubric":
                AddRubrics(field, value);
                break;
        }
    }

    private IEnumerable<string> Texts(string field, JsonElement value)
    {
        List<JsonElement> items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Count == 0 || items.Any(i => i.ValueKind != JsonValueKind.String || i.GetString()!.Length == 0))
        {
            owner.Refuse(field, value, "a text, or a list of texts");
            return [];
        }

        return items.Select(i => i.GetString()!);
    }

    private Regex? Pattern(string field, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (ArgumentException e)
        {
            owner.Refuse(field, pattern, $"a regular expression of .NET ({e.Message})");
            return null;
        }
    }

    private void Number(string field, JsonElement value, Func<double, Expectation> create)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number > 0)
        {
            Found.Add(create(number));
            return;
        }

        owner.Refuse(field, value, "a number above 0");
    }

    private void AddLanguage(string field, JsonElement value)
    {
        string[] languages = [.. Enum.GetNames<Language>().Where(n => n != nameof(Language.Unknown)).Select(n => n.ToLowerInvariant())];
        if (value.ValueKind == JsonValueKind.String && languages.Contains(value.GetString()))
        {
            Found.Add(new LanguageExpectation(Enum.Parse<Language>(value.GetString()!, ignoreCase: true)));
            return;
        }

        owner.Refuse(field, value, string.Join(", ", languages));
    }

    private void AddRubrics(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.Number || !(p.Value.GetDouble() is >= 0 and <= 1)))
        {
            owner.Refuse(field, value, "an object of lowest scores, 0 to 1, by name of rubric");
            return;
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            Rubrics[property.Name] = property.Value.GetDouble();
        }
    }
}
