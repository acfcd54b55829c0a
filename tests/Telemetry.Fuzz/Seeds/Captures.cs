using System.IO.Compression;
using System.Text;
using Telemetry.Collector.Receive;

namespace Telemetry.Fuzz.Seeds;

/// <summary>Request bodies of real exporters.</summary>
internal static class Captures
{
    /// <summary>Directory of blocks that the engine itself wrote.</summary>
    public static string Native => Path.Combine(AppContext.BaseDirectory, "Seeds", "native");

    /// <summary>The captured bodies whose file name ends so.</summary>
    public static IEnumerable<byte[]> Bodies(string ending) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "captures"), "traces-*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(ending, StringComparison.Ordinal) && !f.EndsWith(".headers.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes);

    /// <summary>All captured requests as protobuf: unpacked, and those of JSON transcoded.</summary>
    public static IEnumerable<byte[]> Protobuf()
    {
        var transcoder = new JsonTranscoder(32, 1 << 20);
        return [.. Bodies(".bin"), .. Bodies(".bin.gz").Select(Unpack), .. Bodies(".json").Select(json =>
        {
            using ProtobufBuffer output = transcoder.CreateOutput();
            transcoder.Transcode(json, JsonShape.TraceRequest, output);
            return output.Written.ToArray();
        })];
    }

    /// <summary>Texts as UTF-8.</summary>
    public static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Unpack(byte[] packed)
    {
        using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Control bytes before an input.</summary>
    public static byte[] With(byte[] input, params byte[] control) => [.. control, .. input];
}
