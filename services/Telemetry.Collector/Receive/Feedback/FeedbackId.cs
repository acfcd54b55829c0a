using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Collector.Receive.Feedback;

/// <summary>
/// The id of a score. It depends on what was sent alone, so every Collector gives a retry the same id, also after a crash; of rows with one id the latest counts.
/// </summary>
internal static class FeedbackId
{
    private const int IdBytes = 16;

    /// <summary>For an item with an idempotency key.</summary>
    public static string OfKey(string key) => Of("key", key);

    /// <summary>For an item without one: a user has one opinion of each name about an answer, and may change it.</summary>
    public static string OfTarget(string traceId, string spanId, string responseId, string name, string source, string user) =>
        Of("target", traceId, spanId, responseId, name, source, user);

    // Every part goes in with its length, so that no two lists of parts give the same bytes.
    private static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes));
    }
}
