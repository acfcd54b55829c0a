using System.Text.RegularExpressions;

namespace Telemetry.Grafana.Tests.Documentation;

/// <summary>One query of <c>docs/sql.md</c>: the question above it and the columns that are promised under it.</summary>
/// <param name="Question">Heading.</param>
/// <param name="Sql">The fenced block.</param>
/// <param name="Columns">What stands behind "Columns:"; empty when nothing does.</param>
/// <param name="MayBeEmpty">The document says that no rows are expected.</param>
internal sealed partial record DocumentedQuery(string Question, string Sql, string[] Columns, bool MayBeEmpty)
{
    public static IReadOnlyList<DocumentedQuery> ReadAll()
    {
        string text = File.ReadAllText(Path.Combine(DemoDatabase.RepositoryRoot, "docs", "sql.md"));
        return [.. Block().Matches(text).Select(m => new DocumentedQuery(
            m.Groups["question"].Value,
            m.Groups["sql"].Value.Trim(),
            [.. Column().Matches(m.Groups["columns"].Value).Select(c => c.Groups[1].Value)],
            m.Groups["columns"].Value.Contains("(none expected)", StringComparison.Ordinal)))];
    }

    /// <summary>How many blocks there are, counted without looking at what is around them.</summary>
    public static int CountFences() => Regex.Count(File.ReadAllText(Path.Combine(DemoDatabase.RepositoryRoot, "docs", "sql.md")), "^```sql$", RegexOptions.Multiline);

    [GeneratedRegex(@"^### (?<question>[^\n]+)\n(?:(?!^###|^```).*\n)*```sql\n(?<sql>(?:(?!```).*\n)+)```\n\nColumns: (?<columns>[^\n]*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Column();
}
