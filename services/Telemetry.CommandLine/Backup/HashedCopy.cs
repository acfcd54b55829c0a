using System.Security.Cryptography;

namespace Telemetry.CommandLine.Backup;

/// <summary>Copies a file of a backup and says what it was.</summary>
internal static class HashedCopy
{
    private const int BufferBytes = 256 << 10;

    /// <summary>Copies to the end.</summary>
    /// <param name="name">Name for the result.</param>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to; null to read only.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ManifestFile> RunAsync(string name, Stream source, Stream? target, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long bytes = 0;
        for (int read; (read = await source.ReadAsync(buffer, cancellation)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
            if (target is not null)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }

        return new ManifestFile(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
