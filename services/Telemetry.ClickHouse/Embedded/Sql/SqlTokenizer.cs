namespace Telemetry.ClickHouse.Embedded.Sql;

/// <summary>
/// Splits ClickHouse SQL into tokens just well enough to find where an insert's data begins, which format a query asks for and which names
/// it uses; the engine's own parser decides everything else. Comments and space are left out; nothing is copied.
/// </summary>
internal ref struct SqlTokenizer(ReadOnlySpan<byte> sql)
{
    private readonly ReadOnlySpan<byte> _sql = sql;
    private int _position;

    internal bool TryNext(out SqlToken token)
    {
        SkipBlank();
        int start = _position;
        if (start >= _sql.Length)
        {
            token = default;
            return false;
        }

        SqlTokenKind kind = ReadToken(_sql[start]);
        token = new SqlToken(kind, start, _position - start);
        return true;
    }

    internal static bool IsWordByte(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or >= 0x80;

    private SqlTokenKind ReadToken(byte first)
    {
        switch (first)
        {
            case (byte)'\'':
                SkipQuoted(first);
                return SqlTokenKind.Text;
            case (byte)'`' or (byte)'"':
                SkipQuoted(first);
                return SqlTokenKind.QuotedName;
            case (byte)'$' when TrySkipHeredoc():
                return SqlTokenKind.Text;
            default:
                return ReadWordOrOther(first);
        }
    }

    private SqlTokenKind ReadWordOrOther(byte first)
    {
        int start = _position;
        while (_position < _sql.Length && (IsWordByte(_sql[_position]) || (_sql[_position] == '$' && _position > start)))
        {
            _position++;
        }

        if (_position == start)
        {
            _position++;
            return SqlTokenKind.Other;
        }

        return char.IsAsciiDigit((char)first) ? SqlTokenKind.Other : SqlTokenKind.Word;
    }

    private void SkipQuoted(byte quote)
    {
        _position++;
        while (_position < _sql.Length)
        {
            byte b = _sql[_position++];
            if (b == '\\')
            {
                _position++;
            }
            else if (b == quote)
            {
                if (_position >= _sql.Length || _sql[_position] != quote)
                {
                    return;
                }

                _position++;
            }
        }

        _position = Math.Min(_position, _sql.Length);
    }

    /// <summary>A heredoc <c>$tag$ ... $tag$</c>.</summary>
    private bool TrySkipHeredoc()
    {
        ReadOnlySpan<byte> rest = _sql[_position..];
        int tagEnd = 1;
        while (tagEnd < rest.Length && IsWordByte(rest[tagEnd]))
        {
            tagEnd++;
        }

        if (tagEnd >= rest.Length || rest[tagEnd] != '$')
        {
            return false;
        }

        ReadOnlySpan<byte> tag = rest[..(tagEnd + 1)];
        int close = rest[tag.Length..].IndexOf(tag);
        if (close < 0)
        {
            return false;
        }

        _position += tag.Length + close + tag.Length;
        return true;
    }

    /// <summary>Comments stand in comments, as the engine has it.</summary>
    private void SkipNestedComment(ReadOnlySpan<byte> rest)
    {
        int at = 2;
        for (int depth = 1; depth > 0 && at < rest.Length; at++)
        {
            bool isClosed = rest[at..].StartsWith("*/"u8);
            bool isOpened = rest[at..].StartsWith("/*"u8);
            depth += isOpened ? 1 : isClosed ? -1 : 0;
            at += isOpened || isClosed ? 1 : 0;
        }

        _position = Math.Min(_position + at, _sql.Length);
    }

    private void SkipBlank()
    {
        while (_position < _sql.Length)
        {
            ReadOnlySpan<byte> rest = _sql[_position..];
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v')
            {
                _position++;
            }
            else if (rest.StartsWith("--"u8) || rest.StartsWith("//"u8) || rest.StartsWith("#!"u8) || rest.StartsWith("# "u8))
            {
                int end = rest.IndexOf((byte)'\n');
                _position = end < 0 ? _sql.Length : _position + end + 1;
            }
            else if (rest.StartsWith("/*"u8))
            {
                SkipNestedComment(rest);
            }
            else
            {
                return;
            }
        }
    }
}
