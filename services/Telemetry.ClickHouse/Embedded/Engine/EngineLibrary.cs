using System.Reflection;
using System.Runtime.InteropServices;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>Finds and loads libchdb once for the process.</summary>
internal static class EngineLibrary
{
    internal const string Name = "chdb";
    private const string RelativePath = "node_modules/@chdb/lib-linux-x64-gnu/libchdb.so";

    private static readonly Lock s_lock = new();
    private static string? s_path;

    /// <summary>Makes the library callable and turns its signal handlers off, which would take over those of .NET.</summary>
    /// <exception cref="FileNotFoundException">There is no library; the message says where it was sought and how to get it.</exception>
    internal static void Load(string configuredPath)
    {
        lock (s_lock)
        {
            if (s_path is not null)
            {
                return;
            }

            string path = Locate(configuredPath);
            NativeLibrary.SetDllImportResolver(typeof(EngineLibrary).Assembly, Resolve);
            s_path = path;
            LibChdb.SetSignalHandlersEnabled(0);
        }
    }

    internal static string Locate(string configuredPath)
    {
        if (configuredPath.Length > 0)
        {
            return File.Exists(configuredPath)
                ? Path.GetFullPath(configuredPath)
                : throw new FileNotFoundException($"The ClickHouse engine library is not at {configuredPath}, where {EmbeddedClickHouseOptions.Section}:LibraryPath points.");
        }

        string[] starts = [AppContext.BaseDirectory, Directory.GetCurrentDirectory()];
        return starts.SelectMany(Candidates).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"The ClickHouse engine library is missing: no {RelativePath} in or above {string.Join(" or ", starts)}. "
                + $"Run \"npm ci\" in the repository (package @chdb/lib-linux-x64-gnu, Linux x64 with glibc), or set {EmbeddedClickHouseOptions.Section}:LibraryPath.");
    }

    private static IEnumerable<string> Candidates(string start)
    {
        for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
        {
            yield return Path.Combine(directory.FullName, RelativePath);
        }
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) =>
        libraryName == Name && s_path is not null ? NativeLibrary.Load(s_path) : 0;
}
