using System.Globalization;
using System.Text.RegularExpressions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Backup;

/// <summary>
/// One database as it is on disk at one moment, between two inserts: hard links to the parts, copies of everything small that changes. Laid out as the data
/// directory is, so that a copy of it is a data directory. See docs/decisions/0065.
/// </summary>
internal sealed partial class EngineSnapshot : IDisposable
{
    private const string Prefix = "telemetry_backup_";
    private static readonly TimeSpan s_pauseLimit = TimeSpan.FromSeconds(30);
    private static readonly HashSet<string> s_withoutRows = ["View", "MaterializedView", "Null", "Merge", "Distributed", "Dictionary", "GenerateRandom"];

    private readonly string _root;

    private EngineSnapshot(string root) => _root = root;

    /// <summary>What it holds; the number of files is that of the engine's own.</summary>
    internal required BackupHead Head { get; init; }

    /// <summary>Its files with their names in a data directory.</summary>
    internal IReadOnlyList<(string Name, string Path)> Files { get; private set; } = [];

    /// <summary>Takes one. Inserts wait meanwhile; queries and merges go on.</summary>
    /// <exception cref="EngineException">There is no such database, inserts do not end, or the engine refuses.</exception>
    internal static async Task<EngineSnapshot> TakeAsync(EngineHost host, string database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!DatabaseName().IsMatch(database))
        {
            throw EngineException.Create(36, "BAD_ARGUMENTS", $"database = \"{database}\": a name of letters, digits and underscores is allowed");
        }

        string name = Prefix + Guid.NewGuid().ToString("N");
        string root = Path.Combine(host.DataPath, "shadow", name);
        try
        {
            BackupHead head;
            using (await host.Inserts.PauseAsync(s_pauseLimit, time, cancellationToken))
            {
                long started = time.GetTimestamp();
                DateTimeOffset now = time.GetUtcNow();
                List<Listed> tables = await ListAsync(host, database);
                foreach (Listed table in tables)
                {
                    await FreezeAsync(host, database, table, name, root);
                }

                CopyFile(host.DataPath, Path.Combine("metadata", database + ".sql"), root);
                int schema = await SchemaVersionAsync(host, database, tables);
                head = new BackupHead(now, database, host.Version, schema, time.GetElapsedTime(started).TotalMilliseconds, [.. tables.Select(t => t.Table)], LeftOut(tables), 0);
            }

            var snapshot = new EngineSnapshot(root) { Head = head };
            snapshot.Files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => (Path.GetRelativePath(root, f), f)).Order()];
            return snapshot;
        }
        catch (Exception e)
        {
            Remove(root);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw EngineException.Create(1001, "STD_EXCEPTION", $"The backup cannot be made: {e.Message}");
            }

            throw;
        }
    }

    /// <summary>Removes what a process left behind that was killed while it sent one.</summary>
    internal static void RemoveLeftovers(string dataPath)
    {
        string shadow = Path.Combine(dataPath, "shadow");
        if (Directory.Exists(shadow))
        {
            Directory.EnumerateDirectories(shadow, Prefix + "*").ToList().ForEach(Remove);
        }
    }

    public void Dispose() => Remove(_root);

    private static void Remove(string root)
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<List<Listed>> ListAsync(EngineHost host, string database)
    {
        string text = await host.QueryTextAsync($"SELECT uuid, engine, metadata_path, name FROM system.tables WHERE database = '{database}' AND NOT is_temporary ORDER BY name");
        List<Listed> tables = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
        return tables.Count > 0 ? tables : throw EngineException.Create(81, "UNKNOWN_DATABASE", $"Database {database} does not exist or is empty");
    }

    private static Listed Read(string line)
    {
        string[] fields = line.Split('\t');
        return fields.Length == 4
            ? new Listed(new BackupTable(fields[3], fields[0], fields[1]), fields[2])
            : throw EngineException.Create(48, "NOT_IMPLEMENTED", $"A table whose name holds a tab or a line end cannot be backed up: {line}");
    }

    private static async Task FreezeAsync(EngineHost host, string database, Listed table, string name, string root)
    {
        CopyFile(host.DataPath, table.MetadataPath, root);
        if (!table.Table.HasParts)
        {
            return;
        }

        await host.ExecuteAsync($"ALTER TABLE {Identifier.Quote(database)}.{Identifier.Quote(table.Table.Name)} FREEZE WITH NAME '{name}'");
        string folder = Path.Combine("store", table.Table.Uuid[..3], table.Table.Uuid);
        string source = Path.Combine(host.DataPath, folder);
        foreach (string file in Directory.EnumerateFiles(source).Where(f => Path.GetFileName(f) is "format_version.txt" || Path.GetFileName(f).StartsWith("mutation_", StringComparison.Ordinal)))
        {
            CopyFile(host.DataPath, Path.GetRelativePath(host.DataPath, file), root);
        }

        // After the parts: with no insert under way, every line tells of a part that was there.
        string logs = Path.Combine(source, DeduplicationLogs.Folder);
        foreach (string file in Directory.Exists(logs) ? Directory.EnumerateFiles(logs) : [])
        {
            CopyFile(host.DataPath, Path.GetRelativePath(host.DataPath, file), root);
        }
    }

    private static void CopyFile(string dataPath, string name, string root)
    {
        string target = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(dataPath, name), target);
    }

    private static async Task<int> SchemaVersionAsync(EngineHost host, string database, List<Listed> tables) =>
        tables.Exists(t => t.Table.Name == "schema_migrations")
            ? int.Parse((await host.QueryTextAsync($"SELECT max(version) FROM {Identifier.Quote(database)}.schema_migrations")).Trim(), CultureInfo.InvariantCulture)
            : 0;

    private static List<string> LeftOut(List<Listed> tables) =>
        [.. tables.Where(t => !t.Table.HasParts && !s_withoutRows.Contains(t.Table.Engine)).Select(t => $"{t.Table.Name} ({t.Table.Engine})")];

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex DatabaseName();

    private sealed record Listed(BackupTable Table, string MetadataPath);
}
