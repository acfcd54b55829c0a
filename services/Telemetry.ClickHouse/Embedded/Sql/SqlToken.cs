namespace Telemetry.ClickHouse.Embedded.Sql;

internal enum SqlTokenKind
{
    /// <summary>A bare word: keyword or name.</summary>
    Word,

    /// <summary>A name in backticks or double quotes.</summary>
    QuotedName,

    /// <summary>A string literal.</summary>
    Text,

    /// <summary>A number, or one character of punctuation.</summary>
    Other,
}

/// <summary>One token of a query, as a range of its bytes.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    internal int End => Start + Length;
}
