using System.Collections.Frozen;
using System.Text;

namespace Telemetry.ClickHouse.Embedded.Sql;

/// <summary>
/// What would get past <c>additional_table_filters</c>: settings behind a subquery, table functions that read tables by another way, and the engine's own tables. Looked for in
/// the engine's own writing of a statement (<c>formatQuerySingleLine</c>).
/// </summary>
internal static class FilterEscapes
{
    private static readonly FrozenSet<string> s_names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "merge", "mergeTreeIndex", "mergeTreeProjection", "mergeTreeTextIndex", "system", "information_schema", "dictionary", "loop");

    /// <summary>The first name that would; null when there is none.</summary>
    /// <param name="formatted">The statement.</param>
    /// <param name="values">Values that may be bound as names.</param>
    public static string? Find(ReadOnlySpan<byte> formatted, IEnumerable<string> values)
    {
        var tokens = new SqlTokenizer(formatted);
        bool bindsNames = false;
        while (tokens.TryNext(out SqlToken token))
        {
            if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
            {
                continue;
            }

            ReadOnlySpan<byte> text = formatted.Slice(token.Start, token.Length);
            string name = Encoding.UTF8.GetString(token.Kind == SqlTokenKind.QuotedName && text.Length >= 2 ? text[1..^1] : text);
            if (s_names.Contains(name) || name == "SETTINGS" || name.Contains('\\', StringComparison.Ordinal))
            {
                return name;
            }

            bindsNames |= name == "Identifier";
        }

        return bindsNames ? values.FirstOrDefault(v => s_names.Contains(v) || v.Contains('.', StringComparison.Ordinal)) : null;
    }
}
