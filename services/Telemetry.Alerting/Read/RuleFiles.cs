using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Telemetry.Alerting.Read;

/// <summary>Reads directories of rule files: the shipped ones, and others over them, a rule of the same name instead of the shipped one.</summary>
internal static class RuleFiles
{
    /// <summary>The rules that the program comes with.</summary>
    public static string ShippedDirectory => Path.Combine(AppContext.BaseDirectory, "alerts");

    /// <summary>Reads all files.</summary>
    /// <param name="directories">Directories or single files; a later one replaces rules of earlier ones by name. Empty ones are left out.</param>
    /// <exception cref="RuleFileException">Something is wrong in them.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public static RuleSet Read(params IEnumerable<string> directories)
    {
        var errors = new List<string>();
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        var windows = new List<MaintenanceWindow>();
        foreach (string directory in directories.Where(d => d.Length > 0))
        {
            var ofDirectory = new Dictionary<string, Rule>(StringComparer.Ordinal);
            foreach (string path in YamlFiles.At(directory))
            {
                Parse(path, errors, ofDirectory, windows);
            }

            foreach (Rule rule in ofDirectory.Values)
            {
                rules[rule.Name] = rule;
            }
        }

        return errors.Count == 0 ? new RuleSet([.. rules.Values], windows) : throw new RuleFileException(errors);
    }

    private static void Parse(string path, List<string> errors, Dictionary<string, Rule> rules, List<MaintenanceWindow> windows)
    {
        if (YamlFiles.Read(path, errors) is not { } top)
        {
            return;
        }

        foreach (YamlFields fields in top.Items("rules"))
        {
            Rule rule = RuleReader.Read(fields);
            if (!rules.TryAdd(rule.Name, rule))
            {
                fields.File.NoteAt(fields.Node, $"a rule \"{rule.Name}\" stands at {rules[rule.Name].Place} already; names must be unique");
            }
        }

        windows.AddRange(top.Items("maintenance").Select(ReadWindow));
        top.RefuseUnknown();
    }

    private static MaintenanceWindow ReadWindow(YamlFields fields)
    {
        var matchers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Find("matchers") is { } node && fields.File.Fields(node, "matchers") is { } map)
        {
            foreach ((string name, YamlNode _) in map.All)
            {
                matchers[name] = map.Text(name) ?? "";
            }
        }

        if (matchers.Count == 0)
        {
            fields.File.NoteAt(fields.Node, "matchers is missing; allowed: labels, rule, severity, each with a value or pattern");
        }

        TimeOnly? from = Time(fields, "from");
        TimeOnly? until = Time(fields, "until");
        IReadOnlyList<string> days = fields.List("days", v => Day(v) is null ? null : v, "mon, tue, wed, thu, fri, sat, sun");
        var window = new MaintenanceWindow(
            fields.Required("name", RuleReader.Name, "a name"), matchers, days.Count == 0 ? Enum.GetValues<DayOfWeek>() : [.. days.Select(d => Day(d)!.Value)],
            from ?? default, until ?? default, fields.Take("time_zone", TimeZones.Find, "a time zone of the IANA database, such as Europe/Berlin") ?? TimeZoneInfo.Utc);
        fields.RefuseUnknown();
        return window;
    }

    private static TimeOnly? Time(YamlFields fields, string name)
    {
        if (!fields.Has(name))
        {
            fields.File.NoteAt(fields.Node, $"{name} is missing; allowed: a time such as \"02:00\"");
        }

        return fields.Take(name, v => TimeOnly.TryParseExact(v, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly t) ? (TimeOnly?)t : null, "a time such as \"02:00\"");
    }

    private static DayOfWeek? Day(string name) => name switch
    {
        "mon" => DayOfWeek.Monday,
        "tue" => DayOfWeek.Tuesday,
        "wed" => DayOfWeek.Wednesday,
        "thu" => DayOfWeek.Thursday,
        "fri" => DayOfWeek.Friday,
        "sat" => DayOfWeek.Saturday,
        "sun" => DayOfWeek.Sunday,
        _ => null,
    };
}
