namespace Telemetry.Fuzz.Tests;

/// <summary>A slice of what <c>make fuzz</c> runs at length: the same seed, so the same inputs each time.</summary>
public sealed class SliceTests
{
    // Other tests may have the machine meanwhile.
    private static readonly FuzzPlan Plan = new(20_261_120, 0) { LongestInput = TimeSpan.FromSeconds(60), SlowInput = TimeSpan.FromSeconds(20) };

    // The targets differ in cost by a factor of a hundred; each takes a second or so.
    [Theory]
    [InlineData("otlp", 6_000)]
    [InlineData("otlp-json", 8_000)]
    [InlineData("redact", 1_000)]
    [InlineData("receive", 3_000)]
    [InlineData("stages", 300)]
    [InlineData("messages", 400)]
    [InlineData("native", 8_000)]
    [InlineData("frames", 8_000)]
    [InlineData("front", 8_000)]
    [InlineData("collector-socket", 200)]
    [InlineData("engine", 60)]
    public void A_slice_of_a_run_shows_no_fault(string target, int inputs)
    {
        FuzzTotals totals = new FuzzRun(FuzzTargets.Find(target).Make, Plan with { Inputs = inputs }, TextWriter.Null).Run();

        Assert.Empty(totals.Findings.Select(f => f.Reason));
        Assert.Equal(inputs, totals.Inputs);
    }

    [Fact]
    public void Every_target_has_a_slice() =>
        Assert.Equal(FuzzTargets.Names, typeof(SliceTests).GetMethod(nameof(A_slice_of_a_run_shows_no_fault))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(d => d.Data[0]!.ToString()));
}
