using System.Numerics;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Stored decimals as .NET decimals, exactly.</summary>
internal static class DecimalValue
{
    private const int MaxScale = 28;

    /// <summary>
    /// <paramref name="unscaled"/> divided by ten to the <paramref name="scale"/>. What has more digits than a .NET decimal, without its
    /// trailing zeros, is an <see cref="OverflowException"/> rather than rounded.
    /// </summary>
    internal static decimal Of(BigInteger unscaled, int scale)
    {
        bool negative = unscaled.Sign < 0;
        BigInteger magnitude = BigInteger.Abs(unscaled);
        while (scale > 0 && (scale > MaxScale || magnitude.GetBitLength() > 96))
        {
            (magnitude, BigInteger digit) = BigInteger.DivRem(magnitude, 10);
            scale--;
            if (!digit.IsZero)
            {
                throw TooLarge(unscaled);
            }
        }

        if (magnitude.GetBitLength() > 96)
        {
            throw TooLarge(unscaled);
        }

        Span<byte> bytes = stackalloc byte[12];
        magnitude.TryWriteBytes(bytes, out _, isUnsigned: true);
        ReadOnlySpan<int> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes);
        return new decimal(words[0], words[1], words[2], negative, (byte)scale);
    }

    private static OverflowException TooLarge(BigInteger unscaled) =>
        new($"The decimal {unscaled} (unscaled) has more digits than a .NET decimal holds; read it with toString in the query.");
}
