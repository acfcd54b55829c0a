using System.Text.RegularExpressions;

namespace Telemetry.Judge.Rubrics;

/// <summary>Reads rubric files: the shipped ones, and others over them, a rubric of the same name instead of the shipped one.</summary>
public static partial class RubricReader
{
    private const int MostLevels = 11;
    private const int LongestInstructions = 20_000;

    /// <summary>The rubrics that the program comes with.</summary>
    public static string ShippedDirectory => Path.Combine(AppContext.BaseDirectory, "judge", "rubrics");

    /// <summary>Reads all files, one rubric each.</summary>
    /// <param name="paths">Directories or single files; a later one replaces rubrics of earlier ones by name. Empty ones are left out.</param>
    /// <exception cref="RuleFileException">Something is wrong in them.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public static IReadOnlyDictionary<string, Rubric> Read(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var errors = new List<string>();
        var rubrics = new Dictionary<string, Rubric>(StringComparer.Ordinal);
        foreach (string path in paths.Where(p => p.Length > 0))
        {
            var here = new Dictionary<string, Rubric>(StringComparer.Ordinal);
            foreach (YamlFields fields in YamlFiles.At(path).Select(f => YamlFiles.Read(f, errors)).OfType<YamlFields>())
            {
                Rubric rubric = Read(fields);
                if (!here.TryAdd(rubric.Name, rubric))
                {
                    fields.File.NoteAt(fields.Node, $"a rubric \"{rubric.Name}\" stands at {here[rubric.Name].Place} already; names must be unique");
                }
            }

            foreach (Rubric rubric in here.Values)
            {
                rubrics[rubric.Name] = rubric;
            }
        }

        return errors.Count == 0 ? rubrics : throw new RuleFileException(errors);
    }

    private static Rubric Read(YamlFields fields)
    {
        RubricKind kind = fields.Required("kind", v => v is "score" or "pairwise" ? v : null, "score, pairwise") == "pairwise" ? RubricKind.Pairwise : RubricKind.Score;
        IReadOnlyList<string> needs = fields.List("needs", v => v is "context" or "reference" ? v : null, "context, reference");
        var rubric = new Rubric
        {
            Name = fields.Required("name", Name, "1 to 60 lower-case letters, digits and underscores, with a letter first"),
            Version = fields.Required("version", v => Versions().IsMatch(v) ? v : null, "1 to 20 letters, digits, dots and dashes"),
            Kind = kind,
            Question = fields.Required("question", v => v.Length is > 0 and <= 500 ? v : null, "text of 1 to 500 characters"),
            Instructions = fields.Text("instructions", LongestInstructions)?.Trim() ?? "",
            Levels = [.. fields.Items("levels").Select(ReadLevel).OrderBy(l => l.Score)],
            NeedsContext = needs.Contains("context"),
            NeedsReference = needs.Contains("reference"),
            Place = fields.File.Place(fields.Node),
        };
        fields.RefuseUnknown();
        CheckLevels(fields, rubric);
        return rubric;
    }

    /// <summary>A name of a rubric.</summary>
    internal static string? Name(string text) => Names().IsMatch(text) ? text : null;

    private static RubricLevel ReadLevel(YamlFields fields)
    {
        int? score = fields.Take("score", v => int.TryParse(v, out int n) && n is >= 0 and <= 100 ? (int?)n : null, "a whole number from 0 to 100");
        if (!fields.Has("score"))
        {
            fields.File.NoteAt(fields.Node, "score is missing; allowed: a whole number from 0 to 100");
        }

        var level = new RubricLevel(
            score ?? 0, fields.Required("label", Name, "1 to 60 lower-case letters, digits and underscores, with a letter first"),
            fields.Required("meaning", v => v.Length is > 0 and <= 1000 ? v : null, "text of 1 to 1000 characters"));
        fields.RefuseUnknown();
        return level;
    }

    private static void CheckLevels(YamlFields fields, Rubric rubric)
    {
        if (rubric.Kind == RubricKind.Pairwise && rubric.Levels.Count > 0)
        {
            fields.File.NoteAt(fields.Node, $"{rubric.Name}: a pairwise rubric has no levels");
        }

        if (rubric.Kind == RubricKind.Score && (rubric.Levels.Count is < 2 or > MostLevels || rubric.Levels.DistinctBy(l => l.Score).Count() != rubric.Levels.Count))
        {
            fields.File.NoteAt(fields.Node, $"{rubric.Name}: levels: allowed: 2 to {MostLevels}, each with a score of its own");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,59}$")]
    private static partial Regex Names();

    [GeneratedRegex("^[A-Za-z0-9.-]{1,20}$")]
    private static partial Regex Versions();
}
