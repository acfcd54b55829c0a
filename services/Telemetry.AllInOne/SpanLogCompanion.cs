using Telemetry.ClickHouse.Embedded.Backup;
using Telemetry.SpanLog.Local;

namespace Telemetry.AllInOne;

/// <summary>The local span log in a backup of the embedded ClickHouse: what was accepted and is no row yet.</summary>
internal sealed class SpanLogCompanion(string path) : IBackupCompanion
{
    /// <inheritdoc />
    public string Folder => "span-log";

    /// <inheritdoc />
    public ICompanionSnapshot Begin() => new Snapshot(LocalLogBackup.Begin(path));

    private sealed class Snapshot(LocalLogBackup log) : ICompanionSnapshot
    {
        public IReadOnlyList<BackupFile> Complete() => [.. log.Complete().Select(f => new BackupFile(f.Name, f.Content))];
    }
}
