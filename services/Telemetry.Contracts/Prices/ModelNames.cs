using System.Buffers;

namespace Telemetry.Contracts.Prices;

/// <summary>The spellings in which one model id arrives, and when two of them are the same model.</summary>
internal static class ModelNames
{
    private const string Latest = "-latest";
    private const int CompactDateLength = 8;
    private const int DashedDateLength = 10;
    private static readonly SearchValues<char> DigitsAndDashes = SearchValues.Create("0123456789-");

    /// <summary>The id without the path that clients put before it; null when there is none to take away.</summary>
    /// <param name="id">Lower-case id, for example <c>models/gemini-2.5-pro</c>, <c>openai/gpt-4o</c> or a Bedrock ARN.</param>
    /// <param name="isOwnName">Whether a text is a name of the provider that was called; another maker's prefix is part of the id.</param>
    public static string? WithoutPath(string id, Func<string, bool> isOwnName)
    {
        const string Models = "models/";
        if (id.StartsWith("arn:", StringComparison.Ordinal))
        {
            return AfterOrNull(id, id.LastIndexOf('/') + 1);
        }

        int models = id.LastIndexOf(Models, StringComparison.Ordinal);
        if (models == 0 || (models > 0 && id[models - 1] == '/'))
        {
            return AfterOrNull(id, models + Models.Length);
        }

        int separator = id.AsSpan().IndexOfAny('/', ':');
        return separator > 0 && isOwnName(id[..separator]) ? AfterOrNull(id, separator + 1) : null;
    }

    /// <summary>The id without the day of a snapshot at its end (<c>-2025-08-07</c>, <c>-20250929</c>, <c>@20250929</c>); null when there is none.</summary>
    public static string? WithoutDate(string id)
    {
        foreach (int length in (ReadOnlySpan<int>)[DashedDateLength, CompactDateLength])
        {
            int separator = id.Length - length - 1;
            if (separator > 0 && id[separator] is '-' or '@' && IsDay(id.AsSpan(separator + 1)))
            {
                return id[..separator];
            }
        }

        return null;
    }

    /// <summary>
    /// Whether an answered id that the book does not know is the requested one in another spelling: a part of it that ends at a separator, or a
    /// numbered snapshot of it. Anything else may be another model at another price.
    /// </summary>
    public static bool AreSame(string requested, string answered)
    {
        int at = requested.IndexOf(answered, StringComparison.Ordinal);
        if (at >= 0)
        {
            int end = at + answered.Length;
            return (at == 0 || requested[at - 1] is '/' or '.' or ':') && (end == requested.Length || requested[end] is '-' or '@' or ':');
        }

        string stem = requested.EndsWith(Latest, StringComparison.Ordinal) ? requested[..^Latest.Length] : requested;
        return stem.Length > 0 && answered.Length > stem.Length + 1 && answered.StartsWith(stem, StringComparison.Ordinal)
            && answered[stem.Length] is '-' or '@' && IsNumber(answered.AsSpan(stem.Length + 1));
    }

    private static string? AfterOrNull(string id, int start) => start > 0 && start < id.Length ? id[start..] : null;

    private static bool IsDay(ReadOnlySpan<char> text) =>
        DateOnly.TryParseExact(text, text.Length == CompactDateLength ? "yyyyMMdd" : "yyyy-MM-dd", out DateOnly day) && day.Year is > 2000 and < 2100;

    // "2512", "001", "2025-08-07"; not "5" or "4.5", which are versions.
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        const int ShortestSnapshot = 3;
        return text.Length >= ShortestSnapshot && !text.ContainsAnyExcept(DigitsAndDashes);
    }
}
