using System.Text;
using Telemetry.ClickHouse.Embedded.Sql;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>Splits a script into statements.</summary>
internal static class SqlScript
{
    /// <summary>The statements between semicolons that are in no string, quoted name or comment; empty ones are left out.</summary>
    internal static IReadOnlyList<string> Split(string sql)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(sql);
        var statements = new List<string>();
        var tokens = new SqlTokenizer(utf8);
        int start = -1;
        int end = 0;
        while (tokens.TryNext(out SqlToken token))
        {
            if (utf8[token.Start] == ';')
            {
                Add(statements, utf8, start, end);
                start = -1;
                continue;
            }

            start = start < 0 ? token.Start : start;
            end = token.End;
        }

        Add(statements, utf8, start, end);
        return statements;
    }

    private static void Add(List<string> statements, byte[] utf8, int start, int end)
    {
        if (start >= 0)
        {
            statements.Add(Encoding.UTF8.GetString(utf8, start, end - start));
        }
    }
}
