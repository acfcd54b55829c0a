using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Console.Serve;

/// <summary>The files of the pages, which are part of the assembly. Their addresses hold a hash of them all, so that browsers may keep them for ever and never mix two versions.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "pages/";
    private const string Shell = "index.html";
    private const string AssetsPlace = "{assets}";

    private readonly Dictionary<string, PageFile> _files;

    private PageFiles(IEnumerable<PageFile> files)
    {
        _files = files.ToDictionary(f => f.Name, StringComparer.Ordinal);
        PageFile shell = _files[Shell];
        _files.Remove(Shell);
        Version = Convert.ToHexStringLower(SHA256.HashData([.. _files.Values.OrderBy(f => f.Name, StringComparer.Ordinal).SelectMany(f => f.Hash)]))[..16];
        Index = PageFile.Of(Shell, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(shell.Content).Replace(AssetsPlace, $"/assets/{Version}", StringComparison.Ordinal)));
    }

    /// <summary>Changes when any file does.</summary>
    public string Version { get; }

    /// <summary>The page that loads the others.</summary>
    public PageFile Index { get; }

    /// <summary>The file of that path; null when there is none.</summary>
    public PageFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Reads them from the assembly.</summary>
    public static PageFiles Load()
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        return new PageFiles(assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => Read(assembly, n)));
    }

    private static PageFile Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string name = resource[Prefix.Length..];
        // Libraries name each other by their package. Browsers would need an import map for that, which is an inline script, and those are not allowed.
        return PageFile.Of(name, name == "vendor/hooks.js" ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("from\"preact\"", "from\"./preact.js\"", StringComparison.Ordinal)) : content);
    }
}
