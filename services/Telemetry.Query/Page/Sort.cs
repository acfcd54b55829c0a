using Telemetry.Query.Ask;

namespace Telemetry.Query.Page;

/// <summary>What a list is sorted by.</summary>
/// <param name="Name">Name in requests.</param>
/// <param name="Expression">Expression of the key.</param>
/// <param name="Type">Type of the key in ClickHouse.</param>
/// <param name="Nullable">Rows without a value are left out of the list.</param>
internal sealed record Sort(string Name, string Expression, string Type, bool Nullable)
{
    /// <summary>The column that carries the key; clients do not see it.</summary>
    public const string Key = "_key";

    /// <summary>The sort of that name; the first when nothing is said.</summary>
    /// <exception cref="InvalidQueryException">There is none.</exception>
    public static Sort Get(IReadOnlyList<Sort> all, string? name) =>
        name is null ? all[0] : all.FirstOrDefault(s => s.Name == name) ?? throw new InvalidQueryException("sort", name, string.Join(", ", all.Select(s => s.Name)));
}
