using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Telemetry.Screening;

namespace Telemetry.Collector.Redact;

/// <summary>Takes data out of one text: its kind, or its kind and hash, stand in its place. JSON stays JSON, also where the text holds JSON in strings of JSON.</summary>
internal sealed class TextRedactor(byte[] key)
{
    // No match is shorter.
    private const int ShortestText = 6;
    private const int LongestHashed = 4096;
    private const ulong LargestNumber = 900_000_000_000_000;

    private readonly TextFinder _finder = new();
    private readonly List<PiiMatch> _matches = [];
    private readonly byte[] _normal = new byte[LongestHashed];

    /// <summary>Matches taken out so far, by kind; for whoever counts them to clear.</summary>
    public int[] Counts { get; } = new int[PiiNames.All.Count];

    /// <summary>Bytes of the buffers that it holds.</summary>
    public int Capacity => _finder.Capacity + (_matches.Capacity * Unsafe.SizeOf<PiiMatch>());

    /// <summary>Appends the text without what is to be taken out; false, with nothing appended, when there is nothing.</summary>
    /// <param name="name">The attribute's key.</param>
    /// <param name="text">Its value.</param>
    /// <param name="policy">What is to be taken out, and how.</param>
    /// <param name="output">Where it goes.</param>
    public bool TryRedact(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, RedactPolicy policy, RedactBuffer output)
    {
        _matches.Clear();
        if (text.Length < ShortestText)
        {
            return false;
        }

        _finder.Find(name, text, policy.Kinds, _matches);
        if (_matches.Count == 0 || ContentKeys.IsName(name))
        {
            return false;
        }

        int copied = 0;
        Span<byte> mask = stackalloc byte[PiiMask.Longest];
        foreach (PiiMatch match in _matches)
        {
            output.Append(text[copied..match.Start]);
            output.Append(mask[..Mask(match, text.Slice(match.Start, match.Length), policy.Mode == RedactMode.Hash, mask)]);
            copied = match.End;
            Counts[(int)match.Kind]++;
        }

        output.Append(text[copied..]);
        return true;
    }

    private int Mask(PiiMatch match, ReadOnlySpan<byte> value, bool isHashed, Span<byte> mask)
    {
        if (!isHashed)
        {
            return match.IsJsonNumber ? Digit(mask) : PiiMask.Write(mask, match.Kind, default);
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, _normal.AsSpan(0, PiiMask.Normalize(match.Kind, value, _normal)), hash);
        if (match.IsJsonNumber)
        {
            // Fifteen digits are a number that every reader of JSON holds exactly.
            ulong number = (BitConverter.ToUInt64(hash) % LargestNumber) + (LargestNumber / 9);
            number.TryFormat(mask, out int digits, default, System.Globalization.CultureInfo.InvariantCulture);
            return digits;
        }

        Span<byte> hex = stackalloc byte[PiiMask.HashLength];
        Convert.TryToHexStringLower(hash[..(PiiMask.HashLength / 2)], hex, out int length);
        return PiiMask.Write(mask, match.Kind, hex[..length]);
    }

    private static int Digit(Span<byte> mask)
    {
        mask[0] = (byte)'0';
        return 1;
    }
}
