using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Grafana.Tests.Macros;

/// <summary>
/// Expands a query as Grafana and the ClickHouse data source plugin do: first <c>$__conditionalAll</c>, then the variables in their formats, then the
/// macros of the plugin. What it does not know is an error, so that a misspelt macro or variable fails a test. Facts: the plugin's documentation of macros and
/// Grafana's of variable formats.
/// </summary>
internal static partial class GrafanaSql
{
    private const string ConditionalAll = "$__conditionalAll(";

    /// <summary>Variables that the query names.</summary>
    public static IEnumerable<string> Variables(string sql) => VariableReference().Matches(sql)
        .Select(m => m.Groups["name"].Value).Where(n => !n.StartsWith("__", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    public static string Expand(string sql, Selection selection, int maxDataPoints = 200)
    {
        string text = ReplaceConditionalAll(sql, selection);
        text = VariableReference().Replace(text, m => m.Groups["name"].Value.StartsWith("__", StringComparison.Ordinal) ? m.Value : Format(m, selection));
        return Macro().Replace(text, m => Replace(m, selection, maxDataPoints));
    }

    private static string ReplaceConditionalAll(string sql, Selection selection)
    {
        for (int at = sql.LastIndexOf(ConditionalAll, StringComparison.Ordinal); at >= 0; at = sql.LastIndexOf(ConditionalAll, StringComparison.Ordinal))
        {
            int open = at + ConditionalAll.Length;
            int close = Closing(sql, open);
            string inner = sql[open..close];
            int comma = inner.LastIndexOf(',');
            string variable = inner[(comma + 1)..].Trim().TrimStart('$');
            sql = string.Concat(sql.AsSpan(0, at), selection.IsAll(variable) ? "1=1" : inner[..comma], sql.AsSpan(close + 1));
        }

        return sql;
    }

    private static int Closing(string sql, int from)
    {
        for (int depth = 1, i = from; i < sql.Length; i++)
        {
            depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw new FormatException("a parenthesis of $__conditionalAll is not closed: " + sql);
    }

    private static string Format(Match match, Selection selection)
    {
        string name = match.Groups["name"].Value;
        string[] values = selection.Values.TryGetValue(name, out string[]? chosen) ? chosen : throw new FormatException($"${name} has no value outside $__conditionalAll");
        return match.Groups["format"].Value switch
        {
            "singlequote" => string.Join(',', values.Select(v => $"'{v.Replace("'", "\\'", StringComparison.Ordinal)}'")),
            "percentencode" => Uri.EscapeDataString(values.Single()),
            string other => throw new FormatException($"${{{name}:{other}}} puts values into SQL without quoting them"),
        };
    }

    private static string Replace(Match match, Selection selection, int maxDataPoints)
    {
        string argument = match.Groups["argument"].Value;
        string from = string.Create(CultureInfo.InvariantCulture, $"toDateTime({selection.From.ToUnixTimeSeconds()})");
        string to = string.Create(CultureInfo.InvariantCulture, $"toDateTime({selection.To.ToUnixTimeSeconds()})");
        string seconds = selection.IntervalSeconds(maxDataPoints).ToString(CultureInfo.InvariantCulture);
        return (match.Groups["macro"].Value, argument.Length > 0) switch
        {
            ("timeFilter", true) => $"{argument} >= {from} AND {argument} <= {to}",
            ("timeInterval", true) => $"toStartOfInterval(toDateTime({argument}), INTERVAL {seconds} second)",
            ("interval_s", false) => seconds,
            ("fromTime", false) => from,
            ("toTime", false) => to,
            _ => throw new FormatException("the plugin has no macro " + match.Value),
        };
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(:(?<format>\w+))?\}|\$(?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex VariableReference();

    [GeneratedRegex(@"\$__(?<macro>\w+)(\((?<argument>[\w.]+)\))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Macro();
}
