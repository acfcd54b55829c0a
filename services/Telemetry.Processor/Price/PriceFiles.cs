using System.Globalization;
using System.Text;

namespace Telemetry.Processor.Price;

/// <summary>The files of a price book on disk, in the order in which they are laid over one another.</summary>
internal static class PriceFiles
{
    private const int MostFiles = 1000;

    /// <summary>The files of the directory by name, then the override file, or the override directory's files by name.</summary>
    /// <exception cref="IOException">The directory or the override is not there, or cannot be read; the message names the path.</exception>
    public static IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> Read(string directory, string? overridePath) =>
        [.. Paths(directory, overridePath).Select(path => (path, (ReadOnlyMemory<byte>)File.ReadAllBytes(path)))];

    /// <summary>A text that changes when a file comes, goes or is written, without reading any.</summary>
    /// <exception cref="IOException">The directory or the override is not there.</exception>
    public static string Stamp(string directory, string? overridePath)
    {
        var stamp = new StringBuilder();
        foreach (string path in Paths(directory, overridePath))
        {
            var file = new FileInfo(path);

            // The target counts: a mounted configuration is a link that is pointed elsewhere.
            FileSystemInfo target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            long length = target is FileInfo { Exists: true } found ? found.Length : -1;
            stamp.Append(CultureInfo.InvariantCulture, $"{path}|{target.FullName}|{length}|{target.LastWriteTimeUtc.Ticks}\n");
        }

        return stamp.ToString();
    }

    private static List<string> Paths(string directory, string? overridePath)
    {
        List<string> paths = InDirectory(directory);
        if (!string.IsNullOrEmpty(overridePath))
        {
            paths.AddRange(Directory.Exists(overridePath) ? InDirectory(overridePath) : [overridePath]);
        }

        return paths;
    }

    private static List<string> InDirectory(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"the directory of price files {Path.GetFullPath(directory)} is not there");
        }

        var paths = Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return paths.Count <= MostFiles ? paths : throw new IOException($"more than {MostFiles} price files in {Path.GetFullPath(directory)}");
    }
}
