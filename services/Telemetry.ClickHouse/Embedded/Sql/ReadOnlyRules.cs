using System.Collections.Frozen;
using System.Text;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Sql;

/// <summary>
/// What the read-only user may not name, on top of what <c>readonly = 1</c> refuses. The engine runs in this process and with its rights, and some
/// functions read files or the network even when read-only: <c>file('/etc/passwd')</c> as a function, table functions of foreign sources, models.
/// </summary>
/// <remarks>
/// What is looked at is the engine's own writing of what its parser understood, without comments and with every name in one form. The text as sent will not do: the engine
/// takes more kinds of quotes, blanks and comments than one would think of.
/// </remarks>
internal static class ReadOnlyRules
{
    private static readonly FrozenSet<string> s_forbidden = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "file", "catboostEvaluate", "aiClassify", "aiGenerate", "aiExtract", "aiTranslate", "aiEmbed", "eval", "fuzzQuery");

    /// <summary>Table functions that touch nothing but this engine's own tables or no table at all.</summary>
    private static readonly FrozenSet<string> s_harmlessTableFunctions = FrozenSet.Create(
        StringComparer.Ordinal,
        "numbers", "numbers_mt", "zeros", "zeros_mt", "primes", "generateSeries", "generate_series", "generateRandom", "values", "SQLStandardValues",
        "view", "viewIfPermitted", "viewExplain", "merge", "null", "format", "mergeTreeIndex", "mergeTreeProjection", "mergeTreeTextIndex");

    /// <exception cref="EngineException">164 READONLY, naming what is not allowed.</exception>
    internal static void Check(ReadOnlySpan<byte> sql, IReadOnlyList<KeyValuePair<string, string>> parameters, FrozenSet<string> tableFunctions)
    {
        var tokens = new SqlTokenizer(sql);
        string previous = "";
        string beforePrevious = "";
        bool bindsNames = false;
        while (tokens.TryNext(out SqlToken token))
        {
            bool isName = token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;
            string name = isName ? NameOf(sql, token) : "";
            CheckName(name);
            CheckCall(previous, sql[token.Start] == '(', tableFunctions);
            CheckSettings(beforePrevious, previous, sql[token.Start] == '=');
            bindsNames |= name == "Identifier";
            (beforePrevious, previous) = (previous, name);
        }

        foreach ((_, string value) in bindsNames ? parameters : [])
        {
            CheckName(value);
        }
    }

    private static void CheckName(string name)
    {
        if (name.Contains('\\', StringComparison.Ordinal))
        {
            throw Refuse("a name with a backslash");
        }

        if (s_forbidden.Contains(name))
        {
            throw Refuse($"the name '{name}'");
        }
    }

    private static void CheckCall(string name, bool called, FrozenSet<string> tableFunctions)
    {
        if (called && tableFunctions.Contains(name) && !s_harmlessTableFunctions.Contains(name))
        {
            throw Refuse($"the table function '{name}'");
        }
    }

    // One behind a subquery is taken even when the session is read-only, and would lift limits and filters there.
    private static void CheckSettings(string keyword, string name, bool isSet)
    {
        if (isSet && name.Length > 0 && keyword == "SETTINGS")
        {
            throw EngineException.Create(164, "READONLY", $"Cannot modify '{name}' setting in readonly mode");
        }
    }

    private static string NameOf(ReadOnlySpan<byte> sql, SqlToken token)
    {
        ReadOnlySpan<byte> text = sql.Slice(token.Start, token.Length);
        return Encoding.UTF8.GetString(token.Kind == SqlTokenKind.QuotedName && text.Length >= 2 ? text[1..^1] : text);
    }

    private static EngineException Refuse(string what) => EngineException.Create(
        164, "READONLY", $"Cannot execute query in readonly mode: {what} may reach outside the database and is not allowed to this user");
}
