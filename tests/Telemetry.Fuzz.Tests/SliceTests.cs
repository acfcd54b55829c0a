using Telemetry.Fuzz;

namespace Telemetry.Fuzz.Tests;

/// <summary>A slice of what <c>make fuzz</c> runs at length: the same seed, so the same inputs each time.</summary>
public sealed class SliceTests
{
    private const ulong Seed = 20_261_120;

    // The targets differ in cost by a factor of a hundred; each takes a second or two.
    [Theory]
    [InlineData("otlp", 20_000)]
    [InlineData("otlp-json", 20_000)]
    [InlineData("receive", 8_000)]
    [InlineData("stages", 1_000)]
    [InlineData("messages", 1_500)]
    [InlineData("native", 20_000)]
    [InlineData("frames", 20_000)]
    [InlineData("front", 20_000)]
    [InlineData("collector-socket", 500)]
    [InlineData("engine", 150)]
    public void A_slice_of_a_run_shows_no_fault(string target, int inputs)
    {
        FuzzTotals totals = new FuzzRun(FuzzTargets.Find(target).Make, new FuzzPlan(Seed, inputs), TextWriter.Null).Run();

        Assert.Empty(totals.Findings.Select(f => f.Reason));
        Assert.Equal(inputs, totals.Inputs);
    }

    [Fact]
    public void Every_target_has_a_slice() =>
        Assert.Equal(FuzzTargets.Names, typeof(SliceTests).GetMethod(nameof(A_slice_of_a_run_shows_no_fault))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(d => d.Data[0]!.ToString()));
}
