namespace Telemetry.Processor.Normalize;

/// <summary>Model ids as far as two reports of one call agree on them: without path, date and letter case.</summary>
internal static class ModelStem
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    private const int ShortestDate = 8;

    /// <summary>A hash of the stem; 0 for an empty id.</summary>
    public static ulong Hash(string model)
    {
        ReadOnlySpan<char> stem = model.AsSpan(model.LastIndexOf('/') + 1);
        int at = stem.LastIndexOf('@');
        stem = at > 0 ? stem[..at] : stem;
        int digits = 0;
        int end = stem.Length;
        while (end > 0 && (char.IsAsciiDigit(stem[end - 1]) || (stem[end - 1] == '-' && digits > 0)))
        {
            digits += stem[end - 1] == '-' ? 0 : 1;
            end--;
        }

        // "-2024-07-18" and "-20250929" go; "-5" and "-4-5" are versions.
        stem = digits >= ShortestDate ? stem[..end].TrimEnd('-') : stem;
        if (stem.IsEmpty)
        {
            return 0;
        }

        ulong hash = FnvOffset;
        foreach (char c in stem)
        {
            hash = (hash ^ char.ToLowerInvariant(c)) * FnvPrime;
        }

        return hash == 0 ? 1 : hash;
    }
}
