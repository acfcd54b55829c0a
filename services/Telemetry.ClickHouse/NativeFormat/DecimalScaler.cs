using System.Globalization;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Turns .NET decimals into the scaled integers that ClickHouse's Decimal types are.</summary>
internal sealed class DecimalScaler
{
    private const int LargestPowerInWord = 19;

    private static readonly Int128[] s_powersOfTen = PowersOfTen();
    private static readonly ulong[] s_powersInWord = [.. s_powersOfTen.Take(LargestPowerInWord + 1).Select(p => (ulong)p)];
    private readonly string _column;
    private readonly int _precision;
    private readonly int _scale;

    internal DecimalScaler(string column, int precision, int scale, int maxPrecision)
    {
        if (precision < 1 || precision > maxPrecision)
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, $"This Decimal has a precision of 1 to {maxPrecision} digits.");
        }

        if (scale < 0 || scale > precision)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"The scale is 0 to the precision ({precision}).");
        }

        _column = column;
        _precision = precision;
        _scale = scale;
    }

    internal static string TypeName(int precision, int scale) => string.Create(CultureInfo.InvariantCulture, $"Decimal({precision}, {scale})");

    /// <summary>
    /// <paramref name="value"/> times ten to the scale. Digits beyond the scale are rounded half to even, the rule that sums of
    /// many rounded amounts drift least with.
    /// </summary>
    /// <exception cref="OverflowException">The result has more digits than the precision; the message names the column.</exception>
    internal Int128 Scale(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        if (bits[2] == 0 && TryScaleInWord(((ulong)(uint)bits[1] << 32) | (uint)bits[0], _scale - value.Scale, out long word))
        {
            return decimal.IsNegative(value) ? -word : word;
        }

        var magnitude = new Int128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        int shift = _scale - value.Scale;
        Int128 scaled = shift >= 0 ? ScaleUp(magnitude, shift, value) : RoundHalfEven(magnitude, -shift);
        if (scaled >= s_powersOfTen[_precision])
        {
            throw OutOfRange(value);
        }

        return decimal.IsNegative(value) ? -scaled : scaled;
    }

    // What money nearly always is; false leaves it to the wider numbers, which are ten times as slow.
    private bool TryScaleInWord(ulong magnitude, int shift, out long scaled)
    {
        scaled = 0;
        if (shift < 0 || shift > LargestPowerInWord || Math.BigMul(magnitude, s_powersInWord[shift], out ulong low) != 0 || low > long.MaxValue || low >= s_powersOfTen[_precision])
        {
            return false;
        }

        scaled = (long)low;
        return true;
    }

    private Int128 ScaleUp(Int128 magnitude, int shift, decimal value)
    {
        Int128 limit = (s_powersOfTen[_precision] - 1) / s_powersOfTen[shift];
        return magnitude <= limit ? magnitude * s_powersOfTen[shift] : throw OutOfRange(value);
    }

    private static Int128 RoundHalfEven(Int128 magnitude, int digits)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(magnitude, s_powersOfTen[digits]);
        Int128 twice = remainder * 2;
        bool up = twice > s_powersOfTen[digits] || (twice == s_powersOfTen[digits] && Int128.IsOddInteger(quotient));
        return up ? quotient + 1 : quotient;
    }

    private OverflowException OutOfRange(decimal value) => new(
        string.Create(CultureInfo.InvariantCulture, $"Column '{_column}': {value} does not fit into {TypeName(_precision, _scale)}, which has {_precision - _scale} digits before the point."));

    private static Int128[] PowersOfTen()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
