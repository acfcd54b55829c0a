namespace Telemetry.Processor.Price;

/// <summary>The files of a price book on disk, in the order in which they are laid over one another.</summary>
internal static class PriceFiles
{
    private const int MostFiles = 1000;

    /// <summary>The files of the directory by name, then the override file, or the override directory's files by name.</summary>
    /// <exception cref="IOException">The directory or the override is not there, or cannot be read; the message names the path.</exception>
    public static IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> Read(string directory, string? overridePath)
    {
        List<string> paths = InDirectory(directory);
        if (!string.IsNullOrEmpty(overridePath))
        {
            paths.AddRange(Directory.Exists(overridePath) ? InDirectory(overridePath) : [overridePath]);
        }

        return [.. paths.Select(path => (path, (ReadOnlyMemory<byte>)File.ReadAllBytes(path)))];
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
