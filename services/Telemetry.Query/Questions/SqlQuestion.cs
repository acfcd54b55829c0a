using System.Text;
using Telemetry.ClickHouse.Embedded.Sql;
using Telemetry.Query.Ask;

namespace Telemetry.Query.Questions;

/// <summary>
/// A statement that people wrote. That it only reads is enforced by the engine, for the user that it runs as; here is refused what would lift the limits that go with
/// it, or choose a format that the answer is not in.
/// </summary>
internal static class SqlQuestion
{
    /// <summary>Longest statement, in bytes.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>The statement.</summary>
    /// <param name="sql">Its text.</param>
    /// <param name="values">Values for <c>{name:Type}</c> in it.</param>
    /// <param name="limit">Most rows.</param>
    /// <exception cref="InvalidQueryException">It is empty, too long, or says SETTINGS, FORMAT or INTO OUTFILE.</exception>
    public static Statement Ask(string sql, IReadOnlyDictionary<string, string> values, int limit)
    {
        string text = sql.Trim().TrimEnd(';').TrimEnd();
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length is 0 or > MostBytes)
        {
            throw new InvalidQueryException("query", text, $"one statement of at most {MostBytes} bytes that reads");
        }

        SqlStatement parsed = SqlStatement.Parse(utf8);
        if (parsed.IsInsert)
        {
            throw new InvalidQueryException("query", text, "a statement that reads");
        }

        if (parsed.Format is not null || parsed.UsesFile)
        {
            throw new InvalidQueryException("query", text, "no FORMAT and no INTO OUTFILE; choose the format of the answer with format");
        }

        if (SaysSettings(utf8))
        {
            throw new InvalidQueryException("query", text, "no SETTINGS, for limits stand; a column of that name must be quoted");
        }

        return new Statement("data", text, values.ToDictionary(v => v.Key, v => (object?)v.Value, StringComparer.Ordinal), []) { Limit = limit };
    }

    private static bool SaysSettings(ReadOnlySpan<byte> sql)
    {
        var tokens = new SqlTokenizer(sql);
        while (tokens.TryNext(out SqlToken token))
        {
            if (token.Kind == SqlTokenKind.Word && Encoding.UTF8.GetString(sql.Slice(token.Start, token.Length)).Equals("SETTINGS", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
