using Telemetry.DetectionQuality.Evaluate;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.Detection.Tests.Quality;

/// <summary>The test that nobody can beat, against which recall is measured.</summary>
public sealed class OracleTests
{
    private static readonly TrafficShape s_shape = TrafficShape.All.Single(s => s.Name == "medium, flat");

    [Fact]
    public void Of_double_traffic_it_knows_the_likelihood_ratio_to_the_digit()
    {
        var oracle = new Oracle(s_shape, FaultKind.TrafficUp, 2, 10);
        var values = new (double, double)[15];
        values[0] = (120, 120);
        var truth = new MinuteTruth(60, 0, 0, 0);
        double once = (120 * Math.Log(2)) - 60;
        Assert.Equal(once, oracle.Next(truth, values), 9);
        Assert.Equal(2 * once, oracle.Next(truth, values), 9);
        values[0] = (30, 30);
        Assert.Equal((2 * once) + (30 * Math.Log(2)) - 60, oracle.Next(truth, values), 9);
    }

    [Theory]
    [InlineData(nameof(FaultKind.TrafficUp))]
    [InlineData(nameof(FaultKind.TrafficDown))]
    [InlineData(nameof(FaultKind.Errors))]
    [InlineData(nameof(FaultKind.Refusals))]
    [InlineData(nameof(FaultKind.InputLength))]
    [InlineData(nameof(FaultKind.Quality))]
    public void In_ordinary_times_it_is_as_quiet_as_its_threshold_promises(string fault)
    {
        FaultKind kind = Enum.Parse<FaultKind>(fault);
        const int Weeks = 4;
        const double PerWeek = 1;
        var series = new TrafficSeries(s_shape, 3);
        var oracle = new Oracle(s_shape, kind, 2, 10);
        var values = new (double Value, double Calls)[15];
        int alarms = 0;
        for (long minute = KeyRun.FirstMinute; minute < KeyRun.FirstMinute + (Weeks * 10_080); minute++)
        {
            series.Draw(minute, null, values);
            alarms += oracle.Next(series.Truth, values) >= Oracle.Threshold(PerWeek) ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 2 * Weeks * PerWeek * 10);
    }
}
