using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Judge.Sample;

/// <summary>
/// The key of the hash that places traces in [0, 1). A trace is sampled where its place is below the probability of its stratum, so all replicas and replays agree, and a
/// greater probability samples all that a smaller one does. It is SipHash-2-4 under a key, which has nothing to do with the Murmur2 that says whose messages are kept.
/// </summary>
/// <param name="First">First half of the key.</param>
/// <param name="Second">Second half.</param>
internal readonly record struct SamplingKey(ulong First, ulong Second)
{
    /// <summary>The place of a trace, as SQL over <c>trace_id</c>: the upper 53 bits of the hash, so that it is below 1.</summary>
    public const string PositionSql = "toFloat64(bitShiftRight(sipHash64Keyed((materialize({key_first:UInt64}), materialize({key_second:UInt64})), trace_id), 11)) * 1.1102230246251565e-16";

    /// <summary>The key that a text stands for.</summary>
    public static SamplingKey Of(string text)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new SamplingKey(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)));
    }
}
