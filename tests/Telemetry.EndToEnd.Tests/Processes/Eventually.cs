using System.Diagnostics;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>Asks again until an answer is right or a deadline has passed; the deadline's message tells the last answer.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight, TimeSpan bound, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            T answer = await ask();
            if (isRight(answer))
            {
                return answer;
            }

            Assert.True(clock.Elapsed < bound, $"Not as expected within {bound}; last answer: {answer}");
            await Task.Delay(Pause, cancellation);
        }
    }
}
