using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Judge.Ask;

/// <summary>
/// What an endpoint says about its limits: <c>retry-after</c> (RFC 9110, seconds or a date), <c>retry-after-ms</c>, and OpenAI's
/// <c>x-ratelimit-remaining-*</c> and <c>x-ratelimit-reset-*</c> (for example 6m0s or 20ms; some compatible endpoints send seconds).
/// </summary>
internal static partial class RateLimitHeaders
{
    /// <summary>No endpoint makes us wait longer than this at once.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How long to wait after a refusal; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        if (Number(headers, "retry-after-ms") is { } milliseconds)
        {
            return Bounded(milliseconds / 1000);
        }

        if (!headers.TryGetValue("retry-after", out string? text) || text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? Bounded(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? Bounded((at - now).TotalSeconds)
            : null;
    }

    /// <summary>How long nothing more is taken, as the headers of an answer say; null when more is taken.</summary>
    /// <param name="headers">Headers of any answer.</param>
    /// <param name="tokens">What a next request may need.</param>
    public static TimeSpan? Exhausted(PipelineResponseHeaders headers, long tokens)
    {
        TimeSpan? requests = Number(headers, "x-ratelimit-remaining-requests") < 1 ? Reset(headers, "x-ratelimit-reset-requests") : null;
        TimeSpan? ofTokens = Number(headers, "x-ratelimit-remaining-tokens") < tokens ? Reset(headers, "x-ratelimit-reset-tokens") : null;
        return requests > ofTokens || ofTokens is null ? requests : ofTokens;
    }

    /// <summary>A time such as 1h2m3s, 120ms or 3.5 (seconds); null when it is none.</summary>
    internal static TimeSpan? Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            return Bounded(seconds);
        }

        Match match = Duration().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        return Bounded(Part(match, 1) * 3600 + Part(match, 2) * 60 + Part(match, 3) + Part(match, 4) / 1000);
    }

    private static TimeSpan? Reset(PipelineResponseHeaders headers, string name) => headers.TryGetValue(name, out string? text) && text is not null ? Parse(text) : null;

    private static double? Number(PipelineResponseHeaders headers, string name) =>
        headers.TryGetValue(name, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static TimeSpan? Bounded(double seconds) => double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds)) : null;

    private static double Part(Match match, int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(\d{1,9}(?:\.\d+)?)h)?(?:(\d{1,9}(?:\.\d+)?)m)?(?:(\d{1,9}(?:\.\d+)?)s)?(?:(\d{1,9}(?:\.\d+)?)ms)?$")]
    private static partial Regex Duration();
}
