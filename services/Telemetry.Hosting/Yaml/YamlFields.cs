using YamlDotNet.RepresentationModel;

namespace Telemetry.Hosting.Yaml;

/// <summary>Takes typed fields out of a YAML mapping, noting what is wrong with each; at the end whatever was not taken is unknown.</summary>
public sealed class YamlFields(YamlFile file, YamlMappingNode mapping)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public YamlFile File => file;

    /// <summary>The mapping itself, for errors about all of it.</summary>
    public YamlNode Node => mapping;

    /// <summary>Names in the order of the file.</summary>
    public IEnumerable<(string Name, YamlNode Value)> All => mapping.Children.Select(c => (c.Key is YamlScalarNode key ? key.Value ?? "" : "", c.Value));

    /// <summary>Whether the field is there.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The node of a field; null when it is not there.</summary>
    public YamlNode? Find(string name)
    {
        _known.Add(name);
        return mapping.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? node) ? node : null;
    }

    /// <summary>A field of its own form.</summary>
    public T? Take<T>(string name, Func<string, T?> parse, string allowed)
    {
        if (Find(name) is not { } node)
        {
            return default;
        }

        return Scalar(node, name, parse, allowed);
    }

    /// <summary>Text.</summary>
    public string? Text(string name, int longest = 1000) =>
        Take(name, v => v.Length > 0 && v.Length <= longest ? v : null, $"text of 1 to {longest} characters");

    /// <summary>A field that must be there.</summary>
    public string Required(string name, Func<string, string?> parse, string allowed)
    {
        if (!Has(name))
        {
            file.NoteAt(mapping, $"{name} is missing; allowed: {allowed}");
            return "";
        }

        return Take(name, parse, allowed) ?? "";
    }

    /// <summary>A duration such as 90s, 5m, 2h, 7d.</summary>
    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most) => Take(
        name, v => DurationText.Parse(v) is { } d && d >= least && d <= most ? (TimeSpan?)d : null,
        $"a duration from {DurationText.Of(least)} to {DurationText.Of(most)}, such as 30s, 5m, 1h or 7d");

    /// <summary>A number, also as percentage (5 % is 0.05).</summary>
    public double? Number(string name, double least = double.MinValue, double most = double.MaxValue) => Take(
        name, v => NumberText.Parse(v) is { } n && n >= least && n <= most ? (double?)n : null,
        least == double.MinValue ? "a number, or a percentage such as 5%" : FormattableString.Invariant($"a number from {least} to {most}, or a percentage such as 5%"));

    /// <summary>A list of texts; a single one counts as a list of one.</summary>
    public IReadOnlyList<T> List<T>(string name, Func<string, T?> parse, string allowed)
        where T : class
    {
        YamlNode? node = Find(name);
        IEnumerable<YamlNode> items = node is YamlSequenceNode list ? list.Children : node is null ? [] : [node];
        return [.. items.Select(i => Scalar(i, name, parse, allowed)).OfType<T>()];
    }

    /// <summary>A list of mappings, or a single mapping.</summary>
    public IReadOnlyList<YamlFields> Items(string name)
    {
        YamlNode? node = Find(name);
        IEnumerable<YamlNode> items = node is YamlSequenceNode list ? list.Children : node is null or YamlScalarNode { Value: "" } ? [] : [node];
        return [.. items.Select(i => file.Fields(i, name)).OfType<YamlFields>()];
    }

    /// <summary>Notes every field that nobody asked for.</summary>
    public void RefuseUnknown()
    {
        foreach ((YamlNode key, YamlNode _) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !_known.Contains(name))
            {
                file.NoteAt(key, $"unknown field \"{key}\"; allowed here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private T? Scalar<T>(YamlNode node, string name, Func<string, T?> parse, string allowed)
    {
        T? value = node is YamlScalarNode { Value: { } text } ? parse(text) : default;
        if (value is null)
        {
            file.Note(node, name, allowed);
        }

        return value;
    }
}
