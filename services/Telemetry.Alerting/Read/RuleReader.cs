using System.Text.RegularExpressions;
using Telemetry.Alerting.Evaluate;
using YamlDotNet.RepresentationModel;

namespace Telemetry.Alerting.Read;

/// <summary>Reads one rule.</summary>
internal static partial class RuleReader
{
    private const string NameForm = "1 to 100 letters, digits, dots, dashes and underscores";

    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    /// <summary>The rule; its errors are noted in the file.</summary>
    public static Rule Read(YamlFields fields)
    {
        string name = fields.Required("name", Name, NameForm);
        Condition? condition = ConditionReader.Read(fields);
        var rule = new Rule
        {
            Name = name,
            Place = fields.File.Place(fields.Node),
            Condition = condition ?? new AnomalyCondition(),
            Summary = fields.Text("summary") ?? "",
            For = fields.Duration("for", TimeSpan.Zero, Month) ?? TimeSpan.Zero,
            KeepFiringFor = fields.Duration("keep_firing_for", TimeSpan.Zero, Month) ?? TimeSpan.Zero,
            GroupBy = fields.List("group_by", Dimension.Find, DimensionNames),
            Filters = ReadFilters(fields),
            Severity = fields.Take("severity", v => Severities.All.Contains(v) ? v : null, string.Join(", ", Severities.All)) ?? Severities.Warning,
            Runbook = fields.Take("runbook", Link, "an http or https link") ?? "",
            Notify = fields.List("notify", Name, "names of channels"),
            Escalations = [.. fields.Items("escalate").Select(ReadEscalation).OrderBy(e => e.After)],
            RepeatEvery = fields.Duration("repeat_every", TimeSpan.FromMinutes(1), Month),
            Missing = fields.Take("missing", ParseMissing, "ok, firing, keep") ?? DefaultMissing(condition),
            MaxGroups = (int)(fields.Number("max_groups", 1, 10_000) ?? 100),
        };
        fields.RefuseUnknown();
        CheckDimensions(fields, rule);
        return rule;
    }

    /// <summary>A name of a rule, channel or window.</summary>
    public static string? Name(string text) => Names().IsMatch(text) ? text : null;

    /// <summary>An absolute web link.</summary>
    public static string? Link(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? link) && link.Scheme is "http" or "https" ? text : null;

    private static string DimensionNames => string.Join(", ", Dimension.All.Select(d => d.Name));

    private static MissingData? ParseMissing(string text) => text switch
    {
        "ok" => MissingData.Ok,
        "firing" => MissingData.Firing,
        "keep" => MissingData.Keep,
        _ => null,
    };

    // What fell silent stays an incident although it leaves the window in which it was known.
    private static MissingData DefaultMissing(Condition? condition) =>
        condition is ThresholdCondition { Metric.Definition.Source: MetricSource.Silence } ? MissingData.Keep : MissingData.Ok;

    private static List<Filter> ReadFilters(YamlFields fields)
    {
        var filters = new List<Filter>();
        if (fields.Find("filters") is not { } node || fields.File.Fields(node, "filters") is not { } map)
        {
            return filters;
        }

        foreach ((string name, YamlNode value) in map.All)
        {
            bool excluded = name.StartsWith("not ", StringComparison.Ordinal);
            IReadOnlyList<string> values = map.List(name, v => v, "text, or a list of texts");
            if (Dimension.Find(excluded ? name[4..] : name) is { } dimension)
            {
                filters.Add(new Filter(dimension, values, excluded));
            }
            else
            {
                fields.File.NoteAt(value, $"filters: unknown dimension \"{name}\"; allowed: {DimensionNames}, each also with \"not \" before it");
            }
        }

        return filters;
    }

    private static Escalation ReadEscalation(YamlFields fields)
    {
        TimeSpan after = fields.Duration("after", TimeSpan.FromSeconds(1), Month) ?? TimeSpan.Zero;
        if (!fields.Has("after"))
        {
            fields.File.NoteAt(fields.Node, "after is missing; allowed: a duration such as 15m");
        }

        var escalation = new Escalation(after, fields.List("notify", Name, "names of channels"));
        fields.RefuseUnknown();
        return escalation;
    }

    private static void CheckDimensions(YamlFields fields, Rule rule)
    {
        foreach (Dimension dimension in rule.GroupBy.Concat(rule.Filters.Select(f => f.Dimension)).Distinct().Where(d => !IsKnown(rule.Condition, d)))
        {
            string allowed = string.Join(", ", Dimension.All.Where(d => IsKnown(rule.Condition, d)).Select(d => d.Name));
            fields.File.NoteAt(fields.Node, $"{rule.Name}: the dimension {dimension.Name} is not known for what this rule measures; allowed: {(allowed.Length > 0 ? allowed : "none")}");
        }
    }

    private static bool IsKnown(Condition condition, Dimension dimension) => condition switch
    {
        ThresholdCondition { Metric.Definition.Source: MetricSource.Scores or MetricSource.Agreement } => dimension.InScores,
        ThresholdCondition { Metric.Definition.Source: MetricSource.Silence } or SloCondition => dimension.InRollups,
        ThresholdCondition { Metric.Definition.Source: MetricSource.Pipeline } => false,
        AnomalyCondition => dimension.Name is "tenant" or "service" or "model" or "operation" or "prompt" or "prompt_version",
        _ => true,
    };

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex Names();
}
