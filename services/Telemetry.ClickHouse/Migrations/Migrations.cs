using System.Reflection;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>Where migrations come from.</summary>
public static class Migrations
{
    private const string ResourcePrefix = "schemas/clickhouse/";

    /// <summary>The migrations of <c>schemas/clickhouse</c>, which every program carries inside, in order.</summary>
    /// <exception cref="FormatException">A file is misnamed or empty, or two have the same number.</exception>
    public static IReadOnlyList<Migration> LoadEmbedded()
    {
        Assembly assembly = typeof(Migrations).Assembly;
        return Order(assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(n => Migration.Parse(n[ResourcePrefix.Length..], Read(assembly, n))));
    }

    /// <summary>The migrations of a directory, in order.</summary>
    /// <exception cref="FormatException">A file is misnamed or empty, or two have the same number.</exception>
    public static IReadOnlyList<Migration> LoadDirectory(string path) =>
        Order(Directory.EnumerateFiles(path, "*.sql").Select(f => Migration.Parse(Path.GetFileName(f), File.ReadAllText(f))));

    internal static IReadOnlyList<Migration> Order(IEnumerable<Migration> migrations)
    {
        List<Migration> ordered = [.. migrations.OrderBy(m => m.Version)];
        for (int i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Version == ordered[i - 1].Version)
            {
                throw new FormatException($"Two migrations have the same number: {ordered[i - 1]} and {ordered[i]}.");
            }
        }

        return ordered;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
