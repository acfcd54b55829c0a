namespace Telemetry.Query.Ask;

/// <summary>One SELECT with its bound values, and what it answers.</summary>
/// <param name="Name">What it is for: <c>data</c>, or the part of an answer that it makes.</param>
/// <param name="Sql">The text; values are <c>{name:Type}</c>, names of columns and tables come from fixed lists alone.</param>
/// <param name="Parameters">The values.</param>
/// <param name="Columns">What comes back; none for statements that people wrote.</param>
internal sealed record Statement(string Name, string Sql, IReadOnlyDictionary<string, object?> Parameters, IReadOnlyList<Column> Columns)
{
    /// <summary>Most rows that are given out; 0 for as many as there are. The statement asks for one more, to know whether there are more.</summary>
    public int Limit { get; init; }
}
