using System.IO.Compression;
using System.Security.Cryptography;

namespace Telemetry.Console.Serve;

/// <summary>One file of the pages, as it is and compressed.</summary>
/// <param name="Name">Path below the pages, such as <c>shared/api.js</c>.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Content">The file.</param>
/// <param name="Brotli">The same, compressed.</param>
internal sealed record PageFile(string Name, string ContentType, byte[] Content, byte[] Brotli)
{
    /// <summary>Hash of the content.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Content);

    /// <summary>Compresses a file once, for all who ask for it.</summary>
    public static PageFile Of(string name, byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return new PageFile(name, TypeOf(name), content, compressed.ToArray());
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".html" => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
