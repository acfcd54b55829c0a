using System.Text;

namespace Telemetry.ClickHouse.Embedded.Sql;

/// <summary>What the front needs to know of a statement before the engine sees it.</summary>
/// <param name="Format">The FORMAT that the text names; null for none.</param>
/// <param name="IsInsert">It begins with INSERT.</param>
/// <param name="InsertHead">Of an INSERT that brings its data: the text up to FORMAT or VALUES; null for every other statement.</param>
/// <param name="DataStart">Of such an INSERT: where its data begins in the text.</param>
/// <param name="HasTotals">The result may have totals, which the engine gives only with the whole result.</param>
/// <param name="UsesFile">It has INTO OUTFILE or FROM INFILE, which belong to a command-line client.</param>
internal sealed record SqlStatement(string? Format, bool IsInsert, byte[]? InsertHead, int DataStart, bool HasTotals, bool UsesFile)
{
    internal static SqlStatement Parse(ReadOnlySpan<byte> sql) =>
        new SqlTokenizer(sql).TryNext(out SqlToken first) && IsWord(sql, first, "INSERT"u8) ? ParseInsert(sql) : ParseOther(sql);

    private static SqlStatement ParseInsert(ReadOnlySpan<byte> sql)
    {
        var tokens = new SqlTokenizer(sql);
        int depth = 0;
        SqlToken previous = default;
        for (int i = 0; tokens.TryNext(out SqlToken token); i++)
        {
            depth += Depth(sql, token);
            if (depth == 0 && i > 1 && token.Kind == SqlTokenKind.Word && !IsPartOfName(sql, previous))
            {
                if (IsWord(sql, token, "SELECT"u8) || IsWord(sql, token, "WITH"u8) || IsWord(sql, token, "WATCH"u8))
                {
                    return ParseOther(sql) with { IsInsert = true };
                }

                if (IsWord(sql, token, "INFILE"u8))
                {
                    return new SqlStatement(null, true, null, sql.Length, false, true);
                }

                if (IsWord(sql, token, "VALUES"u8))
                {
                    return new SqlStatement("Values", true, sql[..token.Start].ToArray(), token.End, false, false);
                }

                if (IsWord(sql, token, "FORMAT"u8) && tokens.TryNext(out SqlToken format) && format.Kind == SqlTokenKind.Word)
                {
                    return new SqlStatement(TextOf(sql, format), true, sql[..token.Start].ToArray(), SkipToData(sql, format.End), false, false);
                }
            }

            previous = token;
        }

        return new SqlStatement(null, true, sql.ToArray(), sql.Length, false, false);
    }

    private static SqlStatement ParseOther(ReadOnlySpan<byte> sql)
    {
        var tokens = new SqlTokenizer(sql);
        int depth = 0;
        SqlToken previous = default;
        string? format = null;
        bool totals = false;
        bool file = false;
        while (tokens.TryNext(out SqlToken token))
        {
            depth += Depth(sql, token);
            totals |= IsWord(sql, token, "TOTALS"u8) && IsWord(sql, previous, "WITH"u8);
            file |= IsWord(sql, token, "OUTFILE"u8) && IsWord(sql, previous, "INTO"u8);
            if (depth == 0 && token.Kind == SqlTokenKind.Word && IsWord(sql, previous, "FORMAT"u8))
            {
                format = TextOf(sql, token);
            }

            previous = token;
        }

        return new SqlStatement(format, false, null, sql.Length, totals, file);
    }

    /// <summary>As the engine does: blanks, an optional semicolon, and at most one line end are not part of the data.</summary>
    private static int SkipToData(ReadOnlySpan<byte> sql, int position)
    {
        while (position < sql.Length && sql[position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)';')
        {
            position++;
        }

        return position < sql.Length && sql[position] == '\n' ? position + 1 : position;
    }

    /// <summary>After a dot, or after INTO, TABLE and FUNCTION, a word is a name even if it is spelled like a keyword.</summary>
    private static bool IsPartOfName(ReadOnlySpan<byte> sql, SqlToken previous) =>
        IsWord(sql, previous, "."u8) || IsWord(sql, previous, "INTO"u8) || IsWord(sql, previous, "TABLE"u8) || IsWord(sql, previous, "FUNCTION"u8);

    private static int Depth(ReadOnlySpan<byte> sql, SqlToken token) => token is { Kind: SqlTokenKind.Other, Length: 1 }
        ? sql[token.Start] switch
        {
            (byte)'(' or (byte)'[' or (byte)'{' => 1,
            (byte)')' or (byte)']' or (byte)'}' => -1,
            _ => 0,
        }
        : 0;

    private static bool IsWord(ReadOnlySpan<byte> sql, SqlToken token, ReadOnlySpan<byte> word) =>
        token.Kind is SqlTokenKind.Word or SqlTokenKind.Other && Ascii.EqualsIgnoreCase(sql.Slice(token.Start, token.Length), word);

    private static string TextOf(ReadOnlySpan<byte> sql, SqlToken token) => Encoding.UTF8.GetString(sql.Slice(token.Start, token.Length));
}
