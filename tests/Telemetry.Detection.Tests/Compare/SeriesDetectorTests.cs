using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;

namespace Telemetry.Detection.Tests.Compare;

public sealed class SeriesDetectorTests
{
    private const long Start = 29_000_000;

    [Fact]
    public void A_single_odd_minute_of_a_sparse_key_is_no_anomaly_but_lasting_silence_is()
    {
        SeriesDetector detector = Fed(Metric.RequestRate, 600, _ => (6, 6));
        Assert.Equal(SeriesChange.None, detector.Observe(Start + 600, 0, 0).Change);
        List<SeriesChange> changes = [.. Enumerable.Range(601, 20).Select(m => detector.Observe(Start + m, 0, 0).Change)];
        Assert.Single(changes, c => c == SeriesChange.Opened);
    }

    [Fact]
    public void A_fault_is_opened_once_and_closed_once()
    {
        SeriesDetector detector = Fed(Metric.LatencyP50, 600, m => (1000 + (m * 37 % 100), 50));
        List<SeriesVerdict> verdicts = [.. Enumerable.Range(600, 60).Select(m => detector.Observe(Start + m, m < 610 ? 3000 : 1050, 50))];
        Assert.Single(verdicts, v => v.Change == SeriesChange.Opened);
        Assert.Single(verdicts, v => v.Change == SeriesChange.Closed);
        Assert.Equal(SeriesChange.Opened, verdicts[0].Change);
        Assert.InRange(verdicts.FindIndex(v => v.Change == SeriesChange.Closed), 10, 30);
    }

    [Fact]
    public void A_change_that_lasts_becomes_the_new_normal()
    {
        SeriesDetector detector = Fed(Metric.LatencyP50, 600, m => (1000 + (m * 37 % 100), 50));
        List<SeriesVerdict> verdicts = [.. Enumerable.Range(600, 800).Select(m => detector.Observe(Start + m, 3000 + (m * 37 % 100), 50))];
        int accepted = verdicts.FindIndex(v => v.Change == SeriesChange.Accepted);
        Assert.InRange(accepted, 300, 400);
        Assert.DoesNotContain(verdicts.Skip(accepted + 1), v => v.Change == SeriesChange.Opened);
    }

    [Fact]
    public void Late_calls_fill_a_minute_before_it_becomes_silence()
    {
        SeriesDetector detector = Fed(Metric.RequestRate, 600, _ => (8, 8));
        for (int minute = 600; minute < 640; minute++)
        {
            Assert.Equal(SeriesChange.None, detector.Observe(Start + minute, 0, 0).Change);
            detector.Amend(Start + minute, 8, 8);
        }
    }

    [Fact]
    public void What_is_not_known_says_nothing()
    {
        SeriesDetector detector = Fed(Metric.RequestRate, 600, _ => (100, 100));
        Assert.All(Enumerable.Range(600, 60), m => Assert.Equal(SeriesChange.None, detector.Observe(Start + m, double.NaN, 0).Change));
    }

    private static SeriesDetector Fed(Metric metric, int minutes, Func<int, (double Value, double Calls)> values)
    {
        var detector = new SeriesDetector(MetricTraits.Of(metric), new Sensitivity());
        for (int minute = 0; minute < minutes; minute++)
        {
            (double value, double calls) = values(minute);
            Assert.Equal(SeriesChange.None, detector.Observe(Start + minute, value, calls).Change);
        }

        return detector;
    }
}
