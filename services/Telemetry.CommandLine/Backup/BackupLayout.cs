using Telemetry.ClickHouse.Embedded.Backup;

namespace Telemetry.CommandLine.Backup;

/// <summary>Folders of a backup; in a data directory of AllInOne they are called the same.</summary>
internal static class BackupLayout
{
    /// <summary>The span log's folder.</summary>
    public const string SpanLogFolder = "span-log";

    /// <summary>The name of a file, if it may be written below a directory.</summary>
    /// <exception cref="InvalidDataException">It leads elsewhere.</exception>
    public static string Checked(string name)
    {
        string[] parts = name.Split('/');
        bool isSafe = parts.Length > 1 && parts[0] is BackupHead.EngineFolder or SpanLogFolder
            && parts.All(p => p is not ("" or "." or "..")) && !name.Contains('\0', StringComparison.Ordinal) && !name.Contains('\\', StringComparison.Ordinal);
        return isSafe ? name : throw new InvalidDataException($"\"{name}\" is no file of a backup; allowed are files below {BackupHead.EngineFolder} and {SpanLogFolder}");
    }
}
