using Telemetry.Detection.Compare;
using Telemetry.DetectionQuality.Evaluate;
using Telemetry.DetectionQuality.Report;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.Detection.Tests.Quality;

/// <summary>A slice of the evaluation, the same every time, held to the targets.</summary>
public sealed class SyntheticQualityTests
{
    [Fact]
    public void Faults_of_double_size_and_ten_minutes_are_found_and_quiet_times_stay_quiet()
    {
        var sensitivity = new Sensitivity(new DetectionOptions().OpenAt);
        QualityReport report = SyntheticRun.Of(TrafficShape.All, sensitivity, historyWeeks: 3, weeks: 2, copies: 1, seed: 1);
        List<FaultOutcome> targets = [.. report.Outcomes.Where(SyntheticTable.IsTarget).Where(report.IsDetectable)];
        Assert.True(targets.Count >= 50, $"{targets.Count} faults are too few to say anything");
        Assert.True(QualityReport.Recall(targets) >= 0.95, $"recall {QualityReport.Recall(targets)} of {targets.Count}");
        Assert.True(report.FalsePerKeyWeek <= 0.1, $"{report.FalsePerKeyWeek} false alarms per key-week");
    }

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        QualityReport Run() => SyntheticRun.Of([TrafficShape.All[3]], new Sensitivity(), 0.2, 0.2, 1, 9);
        Assert.Equal(Run().Outcomes, Run().Outcomes);
    }
}
