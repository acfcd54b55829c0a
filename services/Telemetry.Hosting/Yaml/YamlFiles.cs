using System.Globalization;

namespace Telemetry.Hosting.Yaml;

/// <summary>YAML files on disk: single ones, or all of a directory.</summary>
public static class YamlFiles
{
    private const long LargestFile = 1 << 20;

    /// <summary>The file itself, or the files of a directory by name.</summary>
    /// <exception cref="IOException">Neither is there, or it cannot be read.</exception>
    public static IEnumerable<string> At(string path) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal);

    /// <summary>Names, sizes and times of the files: changes when they do. Empty paths are left out.</summary>
    /// <exception cref="IOException">One is not there.</exception>
    public static string Stamp(params IEnumerable<string> paths) => string.Join('\n', paths.Where(p => p.Length > 0).SelectMany(At).Select(f =>
    {
        // Through links, as mounted configuration has them.
        FileSystemInfo info = new FileInfo(f).ResolveLinkTarget(returnFinalTarget: true) ?? new FileInfo(f);
        return string.Create(CultureInfo.InvariantCulture, $"{f} {((FileInfo)info).Length} {info.LastWriteTimeUtc.Ticks}");
    }));

    /// <summary>Reads one file; null when it is too large, empty or no YAML, which is noted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">What is wrong in it, one line each.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static YamlFields? Read(string path, List<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (new FileInfo(path).Length > LargestFile)
        {
            errors.Add($"{path}: larger than {LargestFile} bytes");
            return null;
        }

        return new YamlFile(path, errors).Parse(File.ReadAllText(path));
    }
}
