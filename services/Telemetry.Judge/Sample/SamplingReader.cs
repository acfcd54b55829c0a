using System.Text.RegularExpressions;
using Telemetry.Judge.Rubrics;

namespace Telemetry.Judge.Sample;

/// <summary>Reads the sampling rules.</summary>
internal static partial class SamplingReader
{
    private const int MostRules = 50;

    // Fields of a rule and the columns that they look at.
    private static readonly (string Field, string Column)[] s_filters =
    [
        ("tenant", "tenant"), ("service", "service"), ("environment", "environment"), ("prompt", "prompt_name"), ("prompt_version", "prompt_version"),
        ("provider", "provider"), ("model", "model_requested"), ("operation", "operation"),
    ];

    /// <summary>The rules that the program comes with.</summary>
    public static string ShippedFile => Path.Combine(AppContext.BaseDirectory, "judge", "sampling.yaml");

    /// <summary>Reads the rules in their order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rubrics">Rubrics that may be named.</param>
    /// <exception cref="RuleFileException">Something is wrong in it.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static IReadOnlyList<SamplingRule> Read(string path, IReadOnlyDictionary<string, Rubric> rubrics)
    {
        var errors = new List<string>();
        var rules = new List<SamplingRule>();
        if (YamlFiles.Read(path, errors) is { } top)
        {
            foreach (YamlFields fields in top.Items("rules"))
            {
                SamplingRule rule = Read(fields, rubrics);
                if (rules.Find(r => r.Name == rule.Name) is { } other)
                {
                    fields.File.NoteAt(fields.Node, $"a rule \"{rule.Name}\" stands at {other.Place} already; names must be unique");
                }

                rules.Add(rule);
            }

            top.RefuseUnknown();
            if (rules.Count is 0 or > MostRules)
            {
                top.File.NoteAt(top.Node, $"rules: allowed: 1 to {MostRules}");
            }
        }

        return errors.Count == 0 ? rules : throw new RuleFileException(errors);
    }

    private static SamplingRule Read(YamlFields fields, IReadOnlyDictionary<string, Rubric> rubrics)
    {
        string[] scores = [.. rubrics.Values.Where(r => r.Kind == RubricKind.Score && !r.NeedsReference).Select(r => r.Name).Order(StringComparer.Ordinal)];
        if (!fields.Has("share"))
        {
            fields.File.NoteAt(fields.Node, "share is missing; allowed: a number from 0 to 1, or a percentage such as 10%");
        }

        if (!fields.Has("rubrics"))
        {
            fields.File.NoteAt(fields.Node, $"rubrics is missing; allowed: {string.Join(", ", scores)}");
        }

        var rule = new SamplingRule
        {
            Name = fields.Required("name", v => Names().IsMatch(v) ? v : null, "1 to 60 letters, digits, dots, dashes and underscores"),
            Place = fields.File.Place(fields.Node),
            Share = fields.Number("share", 0, 1) ?? 0,
            FloorPerDay = fields.Number("floor_per_day", 0, 1_000_000) ?? 0,
            Rubrics = [.. fields.List("rubrics", v => scores.Contains(v) ? v : null, "rubrics that score an answer without a reference: " + string.Join(", ", scores)).Distinct()],
            Status = fields.Take("status", v => v is "ok" or "error" ? v : null, "ok, error"),
            IsFlagged = fields.Take("flagged", v => v == "true" ? v : null, "true") is not null,
            Flags = fields.List("flags", v => Names().IsMatch(v) ? v : null, "values of the column flags"),
            VersionYoungerThan = fields.Duration("version_younger_than", TimeSpan.FromHours(1), TimeSpan.FromDays(90)),
            Filters = [.. s_filters.Where(f => fields.Has(f.Field)).Select(f => (f.Column, fields.List(f.Field, v => v, "text, or a list of texts")))],
        };
        fields.RefuseUnknown();
        return rule;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,60}$")]
    private static partial Regex Names();
}
