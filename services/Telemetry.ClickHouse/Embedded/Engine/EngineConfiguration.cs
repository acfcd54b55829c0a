using System.Globalization;
using System.Xml.Linq;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>The engine's server configuration, written as a file beside the data because the library takes it in no other way.</summary>
internal static class EngineConfiguration
{
    /// <summary>Writes the file into the data directory and returns the arguments that open the engine with it.</summary>
    internal static IReadOnlyList<string> Write(EmbeddedClickHouseOptions options)
    {
        string path = Path.GetFullPath(options.Path);
        string file = Path.Combine(path, "engine.xml");
        File.WriteAllText(file, Document(options).ToString());
        return [$"--path={path}", $"--config-file={file}"];
    }

    internal static XElement Document(EmbeddedClickHouseOptions options)
    {
        string fsync = options.FsyncInserts ? "1" : "0";
        return new XElement(
            "clickhouse",
            new XElement("max_server_memory_usage", options.MaxServerMemoryBytes.ToString(CultureInfo.InvariantCulture)),
            new XElement("mark_cache_size", (options.MaxServerMemoryBytes / 16).ToString(CultureInfo.InvariantCulture)),
            new XElement("timezone", "UTC"),
            new XElement(
                "merge_tree",
                new XElement("fsync_after_insert", fsync),
                new XElement("fsync_part_directory", fsync),
                // Statistics of every column of every part cost inserts more than they give to queries by time and key.
                new XElement("auto_statistics_types", "")));
    }
}
