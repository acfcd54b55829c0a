using Telemetry.Detection.Predict;

namespace Telemetry.Detection.Tests.Predict;

/// <summary>The detector for series of which nothing is known.</summary>
public sealed class ValueSeriesDetectorTests
{
    private const int WarmUp = 300;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1e6, -4e6)]
    [InlineData(1e-6, 0)]
    public void A_lasting_shift_is_told_at_once_and_not_again_and_again_whatever_the_unit(double unit, double offset)
    {
        int[] told = Told(i => offset + (unit * (Noise(i) + (i >= 1500 ? 4 : 0))), 1700);

        // Once by the short stretches, and once more at most by the long ones, until these have seen it, too.
        Assert.InRange(told.Length, 1, 2);
        Assert.InRange(told[0], 1500, 1510);
    }

    [Fact]
    public void Nothing_is_told_of_what_never_changes() => Assert.Empty(Told(_ => 7, 3000));

    [Fact]
    public void Nothing_is_told_while_it_warms_up() => Assert.DoesNotContain(Told(i => i == 200 ? 100 : Noise(i), 1000), t => t < WarmUp);

    [Fact]
    public void Noise_alone_is_told_seldom() => Assert.InRange(Told(Noise, 6000).Length, 0, 3);

    [Fact]
    public void A_rhythm_that_stops_is_told_although_no_value_is_odd()
    {
        int[] told = Told(i => (i is >= 2000 and < 2100 ? 0 : Math.Sin(i / 8.0)) + (0.05 * Noise(i)), 2200);

        Assert.Contains(told, t => t is >= 2000 and < 2100);
    }

    private static double Noise(int i) => new Random(i).NextDouble() + new Random(i + 1_000_000).NextDouble() - 1;

    private static int[] Told(Func<int, double> value, int count)
    {
        var detector = new ValueSeriesDetector(WarmUp);
        return [.. Enumerable.Range(0, count).Where(i => detector.Next(value(i)) >= ValueSeriesDetector.Record)];
    }
}
