namespace Telemetry.Processor.Normalize.Usage;

/// <summary>What a dialect's totals leave out, as far as the dialect (its version, its provider) tells; numbers on the span may tell otherwise.</summary>
/// <param name="InputExcludesCache">Cache reads and writes stand beside the input, not in it.</param>
/// <param name="OutputExcludesReasoning">Reasoning stands beside the output, not in it.</param>
/// <param name="TotalIsProviders">The total is the provider's own sum of everything, so what input and output leave of it is reasoning.</param>
internal readonly record struct UsageMeaning(bool InputExcludesCache, bool OutputExcludesReasoning, bool TotalIsProviders = false)
{
    /// <summary>Everything is within its total, as the OpenTelemetry conventions have it since 1.40.</summary>
    public static UsageMeaning Inclusive => default;

    /// <summary>Raw numbers of an API that counts cached input apart, such as Anthropic's and Bedrock's.</summary>
    public static UsageMeaning CacheApart => new(InputExcludesCache: true, OutputExcludesReasoning: false);

    /// <summary>Thoughts are counted apart, as in Gemini's candidates count; Gemini's total has them in it.</summary>
    public static UsageMeaning ReasoningApart => new(InputExcludesCache: false, OutputExcludesReasoning: true, TotalIsProviders: true);

    /// <summary>Every count is a bucket of its own.</summary>
    public static UsageMeaning Disjoint => new(InputExcludesCache: true, OutputExcludesReasoning: true);
}

/// <summary>How reported counts were brought to one meaning; the values of the column <c>usage_reading</c>.</summary>
internal static class UsageReadings
{
    /// <summary>The totals include their parts already, or there are no parts that could be missing.</summary>
    public const string AsReported = "as_reported";

    /// <summary>Cache reads and writes were added to the input.</summary>
    public const string CacheAdded = "cache_added";

    /// <summary>Reasoning was added to the output.</summary>
    public const string ReasoningAdded = "reasoning_added";

    /// <summary>Both.</summary>
    public const string CacheAndReasoningAdded = "cache_and_reasoning_added";
}
