using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>Whether token counts can be true: none negative, no part larger than its whole.</summary>
public static class UsageCheck
{
    /// <summary>Whether they can be true; what is not reported bounds nothing.</summary>
    public static bool IsConsistent(in TokenUsage usage)
    {
        // A whole that is not reported bounds nothing; it is caught as incomplete where it has a price.
        long input = usage.Input ?? long.MaxValue;
        long output = usage.Output ?? long.MaxValue;
        return input >= 0 && output >= 0
            && AreParts(input, usage.CacheRead, usage.CacheWrite ?? usage.CacheWriteOneHour)
            && AreParts(usage.CacheWrite ?? long.MaxValue, usage.CacheWriteOneHour)
            && AreParts(input, usage.AudioInput, usage.ImageInput)
            && AreParts(output, usage.Reasoning, usage.AudioOutput, usage.ImageOutput);
    }

    private static bool AreParts(long whole, params ReadOnlySpan<long?> parts)
    {
        long left = whole;
        foreach (long? part in parts)
        {
            if (part is < 0 || part > left)
            {
                return false;
            }

            left -= part ?? 0;
        }

        return true;
    }
}
