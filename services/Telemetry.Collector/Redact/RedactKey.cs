using System.Text;

namespace Telemetry.Collector.Redact;

/// <summary>The secret that hashes are keyed with.</summary>
internal static class RedactKey
{
    private const int Shortest = 16;

    /// <summary>Why there is no usable key; null when there is one.</summary>
    public static string? Problem(RedactOptions options)
    {
        try
        {
            return Read(options).Length >= Shortest ? null : $"a policy hashes, but HashKey or the file of HashKeyFile has fewer than {Shortest} characters";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"HashKeyFile cannot be read: {e.Message}";
        }
    }

    /// <summary>The key; the file outweighs the setting. Throws when the file cannot be read.</summary>
    public static byte[] Read(RedactOptions options) =>
        Encoding.UTF8.GetBytes(options.HashKeyFile.Length > 0 ? File.ReadAllText(options.HashKeyFile).TrimEnd() : options.HashKey);
}
