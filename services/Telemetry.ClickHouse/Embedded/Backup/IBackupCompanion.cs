namespace Telemetry.ClickHouse.Embedded.Backup;

/// <summary>Another part of the process whose files belong into a backup of the embedded engine, because the two must fit together.</summary>
public interface IBackupCompanion
{
    /// <summary>Folder of its files in the backup.</summary>
    string Folder { get; }

    /// <summary>Notes where the part stands, before the moment of which the engine's data are.</summary>
    ICompanionSnapshot Begin();
}

/// <summary>What a companion noted.</summary>
public interface ICompanionSnapshot
{
    /// <summary>All files, after the moment of which the engine's data are. Whoever asked disposes them.</summary>
    IReadOnlyList<BackupFile> Complete();
}

/// <summary>One file of a backup.</summary>
/// <param name="Name">Path within the backup, with slashes.</param>
/// <param name="Content">Its bytes, of a length that is known and does not change.</param>
public sealed record BackupFile(string Name, Stream Content) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Content.Dispose();
}
