using System.Diagnostics;

namespace Telemetry.TestKit;

/// <summary>Waits for conditions with a deadline.</summary>
public static class Eventually
{
    /// <summary>Polls until the condition holds; throws <see cref="TimeoutException"/> that says what was awaited.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        TimeSpan limit = within ?? TimeSpan.FromSeconds(30);
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"not within {limit}: {what}");
            }

            await Task.Delay(10);
        }
    }
}
