using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;
using Telemetry.Detection.Read;

namespace Telemetry.Detection.Track;

/// <summary>
/// The anomalies that are open or were closed a moment ago. It turns what detectors say into rows: one when an anomaly opens, one when it has become clearly worse,
/// one when it is over. What comes back within minutes is the same anomaly again.
/// </summary>
internal sealed class OpenAnomalies
{
    /// <summary>Minutes within which what comes back is the same anomaly.</summary>
    public const int SameWithin = 15;

    private const int NoveltyMinutes = 60;
    private const double Worse = 2;
    private const double CriticalScore = 2;

    private readonly Dictionary<AnomalyTopic, Anomaly> _latest = [];

    /// <summary>Those that are open.</summary>
    public IEnumerable<Anomaly> Open => _latest.Values.Where(a => a.IsOpen);

    /// <summary>Takes up what was recorded before a start.</summary>
    public void Load(Anomaly anomaly) => _latest[anomaly.Topic] = anomaly;

    /// <summary>Takes over what another instance made of an anomaly.</summary>
    public void Adopt(Anomaly stored)
    {
        if (_latest.TryGetValue(stored.Topic, out Anomaly? own))
        {
            _latest[stored.Topic] = own with { Id = stored.Id, Revision = Math.Max(stored.Revision, own.Id == stored.Id ? own.Revision : 0), OpenedAt = stored.OpenedAt };
        }
    }

    /// <summary>Whether a row says that an anomaly is clearly worse than another one said.</summary>
    public static bool IsWorse(Anomaly now, Anomaly before) => now.Severity > before.Severity || now.Score >= Worse * before.Score;

    /// <summary>What a detector said of a minute, as a row; null when there is nothing to record.</summary>
    /// <param name="topic">Of what.</param>
    /// <param name="traits">Of its metric.</param>
    /// <param name="minute">The minute.</param>
    /// <param name="verdict">What was said.</param>
    /// <param name="learnedMinutes">What the baseline is of.</param>
    public Anomaly? Follow(AnomalyTopic topic, MetricTraits traits, long minute, SeriesVerdict verdict, double learnedMinutes)
    {
        Anomaly? before = _latest.GetValueOrDefault(topic);
        switch (verdict.Change)
        {
            case SeriesChange.Opened or SeriesChange.Continues when before is not { IsOpen: true }:
                long openedAt = minute - verdict.Minutes + 1;
                bool isSame = before is not null && openedAt - (before.ClosedAt ?? before.LastAt) < SameWithin;
                if (isSame && minute < (before!.ClosedAt ?? before.LastAt))
                {
                    return null;
                }

                Anomaly opened = Row(topic, traits, minute, verdict, learnedMinutes) with
                {
                    Id = isSame ? before!.Id : AnomalyId.Of(topic, openedAt),
                    Revision = isSame ? before!.Revision + 1 : 1,
                    OpenedAt = isSame ? before!.OpenedAt : openedAt,
                };
                return Keep(opened);

            case SeriesChange.Opened or SeriesChange.Continues:
                Anomaly now = Row(topic, traits, minute, verdict, learnedMinutes) with { Id = before!.Id, Revision = before.Revision + 1, OpenedAt = before.OpenedAt };
                bool isWorse = IsWorse(now, before);
                _latest[topic] = isWorse ? now : before with { LastAt = Math.Max(before.LastAt, minute + 1) };
                return isWorse ? now : null;

            case SeriesChange.Closed or SeriesChange.Accepted when before is { IsOpen: true }:
                string end = verdict.Change == SeriesChange.Accepted ? "it has lasted so long that it is the new normal" : "it is over";
                return Keep(before with
                {
                    IsOpen = false,
                    Revision = before.Revision + 1,
                    ClosedAt = Math.Max(before.LastAt, minute + 1),
                    Why = $"{before.Why}; {end}",
                });

            default:
                return null;
        }
    }

    /// <summary>Something new, as a row; null when it was recorded before.</summary>
    public Anomaly? Tell(Novelty novelty)
    {
        (string metric, Severity severity, string why) = novelty.Kind switch
        {
            NoveltyKind.NewModel => ("new_model", Severity.Info, $"{novelty.Service} has not used the model {novelty.Subject} before"),
            NoveltyKind.UnknownPrice => ("unknown_price", Severity.Warning, $"calls of {novelty.Service} to {novelty.Subject} have no price, and had none missing before"),
            _ => ("new_error_type", Severity.Warning, $"{novelty.Service} has not failed with {novelty.Subject} before"),
        };
        Scope scope = novelty.Model.Length > 0 ? Scope.OfModel : Scope.OfService;
        var topic = new AnomalyTopic(new MetricKey(scope, "", novelty.Service, novelty.Model, "", "", ""), metric, novelty.Subject, Up: true);
        return _latest.ContainsKey(topic) ? null : Keep(new Anomaly
        {
            Id = AnomalyId.Of(topic, null),
            Revision = 1,
            Topic = topic,
            IsOpen = true,
            OpenedAt = novelty.Minute,
            LastAt = novelty.Minute + 1,
            Kind = "novelty",
            Severity = severity,
            WindowMinutes = 1,
            Calls = novelty.Calls,
            Why = why,
        });
    }

    /// <summary>Closes what is new no longer, and what nobody watches any more.</summary>
    /// <param name="minute">The latest minute.</param>
    /// <param name="isWatched">Whether a key is still watched.</param>
    public IReadOnlyList<Anomaly> Expire(long minute, Func<AnomalyTopic, bool> isWatched)
    {
        var expired = new List<Anomaly>();
        foreach (Anomaly anomaly in _latest.Values.ToList())
        {
            bool isOld = anomaly.Kind == "novelty" ? minute - anomaly.OpenedAt >= NoveltyMinutes : !isWatched(anomaly.Topic);
            if (anomaly.IsOpen && isOld)
            {
                string end = anomaly.Kind == "novelty" ? "it is known now" : "the key is no longer watched";
                expired.Add(Keep(anomaly with { IsOpen = false, Revision = anomaly.Revision + 1, ClosedAt = minute + 1, Why = $"{anomaly.Why}; {end}" }));
            }
            else if (!anomaly.IsOpen && anomaly.Kind != "novelty" && minute - anomaly.ClosedAt > 2 * NoveltyMinutes)
            {
                _latest.Remove(anomaly.Topic);
            }
        }

        return expired;
    }

    private Anomaly Keep(Anomaly anomaly) => _latest[anomaly.Topic] = anomaly;

    private static Anomaly Row(AnomalyTopic topic, MetricTraits traits, long minute, SeriesVerdict verdict, double learnedMinutes)
    {
        Comparison comparison = verdict.Comparison;
        bool isSilence = traits.Metric == Metric.RequestRate && comparison.Observed == 0;
        double deviations = verdict.Threshold * verdict.Scale;
        return new Anomaly
        {
            Id = "",
            Revision = 1,
            Topic = topic,
            IsOpen = true,
            OpenedAt = minute,
            LastAt = minute + 1,
            Kind = isSilence ? "silence" : "shift",
            Severity = isSilence || verdict.Score >= CriticalScore * verdict.Threshold ? Severity.Critical : Severity.Warning,
            Unit = traits.Unit,
            Observed = comparison.Observed,
            Expected = comparison.Expected,
            RangeLow = Math.Max(0, comparison.At(-deviations)),
            RangeHigh = comparison.At(deviations),
            Score = verdict.Score,
            WindowMinutes = verdict.Minutes,
            Calls = (long)verdict.Window.Calls,
            Why = Wording.Of(traits, verdict, isSilence, learnedMinutes),
        };
    }
}
