namespace Telemetry.Query.Ask;

/// <summary>What the values of a column are, for descriptions, exports and tables.</summary>
internal enum ColumnType
{
    /// <summary>A text; may come from spans, so nobody may trust it.</summary>
    Text,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>Texts by name.</summary>
    Map,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>US dollars, decimal; a string in JSON.</summary>
    Money,

    /// <summary>A moment; RFC 3339 in UTC in JSON.</summary>
    Time,

    /// <summary>True or false.</summary>
    Flag,
}

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name in the statement and in the answer.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Description">What it says, with its unit.</param>
/// <param name="Nullable">Whether a value may be unknown.</param>
internal sealed record Column(string Name, ColumnType Type, string Description, bool Nullable = false)
{
    public static Column Text(string name, string description) => new(name, ColumnType.Text, description);

    public static Column Texts(string name, string description) => new(name, ColumnType.Texts, description);

    public static Column Integer(string name, string description, bool nullable = false) => new(name, ColumnType.Integer, description, nullable);

    public static Column Number(string name, string description, bool nullable = true) => new(name, ColumnType.Number, description, nullable);

    public static Column Money(string name, string description, bool nullable = true) => new(name, ColumnType.Money, description, nullable);

    public static Column Time(string name, string description, bool nullable = false) => new(name, ColumnType.Time, description, nullable);

    public static Column Flag(string name, string description, bool nullable = false) => new(name, ColumnType.Flag, description, nullable);
}
