using System.IO.Compression;

namespace Telemetry.Tokenizer.Ranks;

/// <summary>The Brotli-compressed tables in the assembly; their layout is in schemas/tokenizers/README.md.</summary>
internal static class EmbeddedTable
{
    private const int UsualSize = 2 * 1024 * 1024;

    public static byte[] Read(string name)
    {
        using Stream compressed = typeof(EmbeddedTable).Assembly.GetManifestResourceStream($"{name}.br")
            ?? throw new InvalidOperationException($"the assembly lacks the table {name}");
        using var brotli = new BrotliStream(compressed, CompressionMode.Decompress);
        using var content = new MemoryStream(UsualSize);
        brotli.CopyTo(content);
        return content.ToArray();
    }
}
