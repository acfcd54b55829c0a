namespace Telemetry.Query.Ask;

/// <summary>A question that cannot be asked so: which field, what it said, and what is allowed.</summary>
internal sealed class InvalidQueryException(string field, string value, string allowed)
    : Exception($"{field} \"{Shorten(value)}\": allowed: {allowed}")
{
    private const int LongestValue = 200;

    /// <summary>Name of the parameter.</summary>
    public string Field { get; } = field;

    /// <summary>What it said, cut when it is long.</summary>
    public string Value { get; } = Shorten(value);

    /// <summary>What it may say.</summary>
    public string Allowed { get; } = allowed;

    private static string Shorten(string value) => value.Length <= LongestValue ? value : string.Concat(value.AsSpan(0, LongestValue), "...");
}
