namespace Telemetry.ClickHouse.Embedded.Backup;

/// <summary>The mark of a restore that has not ended: as long as its folder is there, the engine does not open the directory.</summary>
public static class RestoredData
{
    /// <summary>Name of the folder in the data directory, into which a restore writes first.</summary>
    public const string Folder = "restoring";

    /// <summary>Whether a restore into the directory began and did not end.</summary>
    public static bool IsUnfinished(string dataPath) => Directory.Exists(Path.Combine(dataPath, Folder));
}
