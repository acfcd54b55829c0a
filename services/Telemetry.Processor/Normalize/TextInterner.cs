using System.Text;
using Telemetry.Contracts.Hashing;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// Strings of names that come again and again (models, providers), so that a known one costs a hash and a compare of its bytes. A place holds the name that came
/// last, so the memory is bounded whatever spans bring, and a name that comes often is nearly always the same object. Owned by one lane.
/// </summary>
internal sealed class TextInterner
{
    private const int Places = 4096;
    private const int LongestKept = 256;

    private readonly (ulong Hash, byte[] Utf8, string Text)[] _texts = new (ulong, byte[], string)[Places];

    /// <summary>The text; bytes that are not UTF-8 become replacement characters.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ulong hash = ByteHash.Of(utf8);
        ref (ulong Hash, byte[] Utf8, string Text) place = ref _texts[hash % Places];
        if (place.Hash != hash || !utf8.SequenceEqual(place.Utf8))
        {
            place = (hash, utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return place.Text;
    }
}
