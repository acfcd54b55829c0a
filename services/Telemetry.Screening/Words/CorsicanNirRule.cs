using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>French social security numbers of people born in Corsica: 2A or 2B stands for the place, and counts as 19 or 18 for the key.</summary>
internal sealed class CorsicanNirRule : IWordRule
{
    private const int Length = 15;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "fr_nir";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        if (end - start != Length || text[start] is not ((byte)'1' or (byte)'2') || text[start + 5] != (byte)'2' || text[start + 6] is not ((byte)'A' or (byte)'B'))
        {
            return Found.Nothing;
        }

        long number = 0;
        for (int i = 0; i < Length - 2; i++)
        {
            byte b = i == 5 ? (byte)'1' : i == 6 ? (byte)(text[start + i] == (byte)'A' ? '9' : '8') : text[start + i];
            if (!Characters.IsDigit(b))
            {
                return Found.Nothing;
            }

            number = (number * 10) + b - '0';
        }

        long key = 97 - (number % 97);
        return text[end - 2] == '0' + (key / 10) && text[end - 1] == '0' + (key % 10) ? new Found(start, end) : Found.Nothing;
    }
}
