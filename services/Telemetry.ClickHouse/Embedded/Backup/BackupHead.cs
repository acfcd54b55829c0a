using System.Text.Json;

namespace Telemetry.ClickHouse.Embedded.Backup;

/// <summary>The first file of the stream that the embedded engine answers <c>POST /backup</c> with: what the files behind it are.</summary>
/// <param name="TakenAt">The moment of which the data are.</param>
/// <param name="Database">The database.</param>
/// <param name="EngineVersion">Version of the engine.</param>
/// <param name="SchemaVersion">Number of the last migration that was noted; 0 when there is none.</param>
/// <param name="PausedMilliseconds">How long inserts waited for it.</param>
/// <param name="Tables">Tables and views.</param>
/// <param name="LeftOut">Tables whose definition is kept, but not their rows, since their kind of table cannot be frozen.</param>
/// <param name="Files">Number of files that follow.</param>
public sealed record BackupHead(
    DateTimeOffset TakenAt, string Database, string EngineVersion, int SchemaVersion, double PausedMilliseconds, IReadOnlyList<BackupTable> Tables,
    IReadOnlyList<string> LeftOut, int Files)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "backup.json";

    /// <summary>Folder of the engine's own files.</summary>
    public const string EngineFolder = "clickhouse";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">The text is something else.</exception>
    public static BackupHead Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupHead>(json, s_json) ?? throw new InvalidDataException($"{FileName} is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{FileName} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);
}

/// <summary>A table or view in a backup.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uuid">Its id, which names its folder <c>store/xxx/uuid</c>.</param>
/// <param name="Engine">Kind of table.</param>
public sealed record BackupTable(string Name, string Uuid, string Engine)
{
    /// <summary>Whether it has rows of its own that the backup holds.</summary>
    public bool HasParts => Engine.EndsWith("MergeTree", StringComparison.Ordinal);
}
