using System.Globalization;
using System.Text.Json;

namespace Telemetry.Quality.Evaluate;

/// <summary>Reads one case.</summary>
internal sealed class EvalCaseReader(JsonElement root, int line, List<string> problems)
{
    private const int LongestId = 200;

    private static readonly string[] Known = ["id", "input", "messages", "system", "tools", "variables", "context", "reference", "must_pass", "expect"];

    private readonly int _before = problems.Count;

    /// <summary>The case; null when something is wrong with it, which is noted.</summary>
    public EvalCase? Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Refuse("the line", root, "one JSON object");
            return null;
        }

        RefuseOthers(root, "", Known);
        string id = Text("id") ?? "";
        if (id.Length is 0 or > LongestId)
        {
            Refuse("id", id, $"a text of 1 to {LongestId} characters");
        }

        JsonElement messages = Messages();
        var expectations = new ExpectationReader(this);
        JsonElement expect = root.TryGetProperty("expect", out JsonElement e) ? e : default;
        expectations.Read(expect);
        var read = new EvalCase
        {
            Id = id,
            Line = line,
            Messages = messages,
            Tools = root.TryGetProperty("tools", out JsonElement tools) ? Array(tools, "tools") : default,
            Variables = Variables(),
            Context = Text("context"),
            Reference = Text("reference"),
            MustPass = root.TryGetProperty("must_pass", out JsonElement must) && Bool(must, "must_pass"),
            Expectations = expectations.Found,
            Rubrics = expectations.Rubrics,
        };
        return problems.Count == _before ? read : null;
    }

    /// <summary>Notes what is wrong.</summary>
    public void Refuse(string field, object value, string allowed)
    {
        const int LongestShown = 80;
        string shown = value is JsonElement json ? (json.ValueKind == JsonValueKind.Undefined ? "missing" : json.GetRawText()) : $"\"{value}\"";
        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{line}: {field} is {(shown.Length > LongestShown ? shown[..LongestShown] + "..." : shown)}; allowed: {allowed}"));
    }

    /// <summary>Names every field that is not known.</summary>
    public void RefuseOthers(JsonElement value, string path, IReadOnlyList<string> known)
    {
        foreach (JsonProperty property in value.EnumerateObject().Where(p => !known.Contains(p.Name)))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{line}: {path}{property.Name} is not known; allowed: {string.Join(", ", known)}"));
        }
    }

    /// <summary>A Boolean.</summary>
    public bool Bool(JsonElement value, string field)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(field, value, "true, false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private JsonElement Messages()
    {
        bool hasInput = root.TryGetProperty("input", out JsonElement input);
        bool hasMessages = root.TryGetProperty("messages", out JsonElement messages);
        if (hasInput == hasMessages)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{line}: {(hasInput ? "both input and messages are there" : "neither input nor messages is there")}; allowed: one of them"));
            return default;
        }

        if (hasMessages)
        {
            return Array(messages, "messages");
        }

        if (input.ValueKind != JsonValueKind.String)
        {
            Refuse("input", input, "a text");
            return default;
        }

        object[] said = Text("system") is { } system ? [new { role = "system", content = system }, new { role = "user", content = input.GetString() }] : [new { role = "user", content = input.GetString() }];
        return JsonSerializer.SerializeToElement(said);
    }

    private JsonElement Array(JsonElement value, string field)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || value.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.Object))
        {
            Refuse(field, value, "a list of one object or more");
        }

        return value;
    }

    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>();
        if (!root.TryGetProperty("variables", out JsonElement value))
        {
            return variables;
        }

        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            Refuse("variables", value, "an object of texts");
            return variables;
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            variables[property.Name] = property.Value.GetString()!;
        }

        return variables;
    }

    private string? Text(string field)
    {
        if (!root.TryGetProperty(field, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(field, value, "a text");
            return null;
        }

        return value.GetString();
    }
}
