using Telemetry.Detection.Model;

namespace Telemetry.Detection.Compare;

/// <summary>
/// Watches one metric of one key. Windows of 1 to 30 minutes are compared with what the time before them lets expect, so that a large change is told after a minute
/// and a small one when enough minutes agree. Minutes are learned half an hour later, and only if nothing stood out: a fault does not become its own baseline.
/// </summary>
internal sealed class SeriesDetector
{
    /// <summary>Minutes that may be corrected: the latest so many.</summary>
    public const int MaxAmendedAge = 10;

    private const int Delay = 30;
    private const int ShortestClosing = 5;
    private const int QuietMinutes = 3;
    private const int MinutesADay = 1440;
    private const int MinutesOfYouth = 21 * MinutesADay;
    private const double StrictAtFirst = 0.5;
    private const double StrictWhileYoung = 0.15;

    private readonly MetricTraits _traits;
    private readonly Sensitivity _sensitivity;
    private readonly ISeriesModel _model;
    private readonly WindowWatch[] _watches;
    private readonly Comparison[] _comparisons;
    private readonly MinuteRing _ring = new();
    private Alarm? _alarm;

    /// <summary>Watches a metric.</summary>
    public SeriesDetector(MetricTraits traits, Sensitivity sensitivity)
    {
        _traits = traits;
        _sensitivity = sensitivity;
        _model = traits.Family switch
        {
            Family.Count => new CountModel(),
            Family.Share => new ShareModel(),
            Family.Size => new ValueModel(isLogarithmic: true),
            _ => new ValueModel(isLogarithmic: false),
        };

        // A single minute may be odd for no reason, so it must be odder.
        double once = sensitivity.OpenAt * sensitivity.SingleMinute;
        double twice = sensitivity.OpenAt * Math.Sqrt(sensitivity.SingleMinute);
        WindowWatch Of(int minutes, double openAt, bool isRelative) => new(_model, minutes, openAt, isRelative);
        _watches =
        [
            Of(1, once, false), Of(2, twice, false), Of(5, sensitivity.OpenAt, false), Of(10, sensitivity.OpenAt, false), Of(30, sensitivity.OpenAt, false),
            .. traits.Family == Family.Share ? Array.Empty<WindowWatch>() : [Of(2, twice, true), Of(5, sensitivity.OpenAt, true), Of(10, sensitivity.OpenAt, true)],
        ];
        _comparisons = new Comparison[_watches.Length];
    }

    /// <summary>The last minute that was observed; null before the first.</summary>
    public long? LastMinute { get; private set; }

    /// <summary>Minutes that the baseline is made of.</summary>
    public double Learned => _model.Learned;

    /// <summary>Whether an anomaly goes on.</summary>
    public bool IsOpen => _alarm is not null;

    /// <summary>Takes up an anomaly that was open before a restart.</summary>
    public void Resume(long openedAt, bool up, int minutes) => _alarm = new Alarm(openedAt, up, Math.Max(ShortestClosing, minutes));

    /// <summary>Learns an hour of the past of which the minutes are not replayed.</summary>
    /// <param name="hour">Hours since 1970.</param>
    /// <param name="value">Median (for counts the mean) of its minutes.</param>
    public void LearnHour(long hour, double value)
    {
        if (!double.IsNaN(value))
        {
            _model.LearnHour(hour, value);
        }
    }

    /// <summary>Observes a minute. Minutes come in order; those left out say nothing.</summary>
    /// <param name="minute">Minutes since 1970.</param>
    /// <param name="value">Events (count, share) or value; NaN when the minute says nothing.</param>
    /// <param name="calls">Calls that it is of.</param>
    /// <param name="completeness">Share of a minute's events that is usually there by now.</param>
    public SeriesVerdict Observe(long minute, double value, double calls, double completeness = 1)
    {
        for (long missed = Math.Max((LastMinute ?? minute) + 1, minute - Delay); missed < minute; missed++)
        {
            Push(Slot.Empty(missed), isExcluded: true);
        }

        LastMinute = minute;
        Slot slot = SlotOf(minute, value, calls, completeness);
        Push(slot, isExcluded: slot.Weight <= 0);
        for (int i = 0; i < _watches.Length; i++)
        {
            _comparisons[i] = _watches[i].Compare(_ring);
        }

        SeriesVerdict worst = Worst();
        return _alarm is null ? Judge(minute, worst) : Follow(minute, worst, _alarm);
    }

    /// <summary>Corrects a minute that was observed, by what came late. It changes later windows; it opens nothing by itself.</summary>
    /// <inheritdoc cref="Observe"/>
    public void Amend(long minute, double value, double calls, double completeness = 1)
    {
        if (LastMinute is { } last && last - minute is >= 0 and < MaxAmendedAge)
        {
            _ring.Amend((int)(last - minute) + 1, SlotOf(minute, value, calls, completeness));
        }
    }

    private Slot SlotOf(long minute, double value, double calls, double completeness)
    {
        if (double.IsNaN(value) || (_traits.Family != Family.Count && calls < _traits.FewestCalls))
        {
            return Slot.Empty(minute);
        }

        Slot slot = _model.Expect(minute, value, calls);
        return _traits.Family == Family.Count ? slot with { Expected = slot.Expected * completeness } : slot;
    }

    private SeriesVerdict Judge(long minute, SeriesVerdict worst)
    {
        if (worst.Change != SeriesChange.Opened)
        {
            Calibrate(minute);
            return SeriesVerdict.None;
        }

        _ring.Exclude(worst.Minutes);
        _alarm = new Alarm(minute - worst.Minutes + 1, worst.Up, Math.Max(ShortestClosing, worst.Minutes));
        foreach (WindowWatch watch in _watches)
        {
            watch.Calibration.ForgetHour(minute);
        }

        return worst;
    }

    private SeriesVerdict Follow(long minute, SeriesVerdict worst, Alarm alarm)
    {
        _ring.Exclude(1);
        SeriesVerdict now = Against(alarm);
        bool isQuiet = now.Score < _sensitivity.CloseAt || !HasEffect(now, 0.5);
        alarm.Quiet = isQuiet ? alarm.Quiet + 1 : 0;
        if (alarm.Quiet >= QuietMinutes)
        {
            return End(now with { Change = SeriesChange.Closed });
        }

        if (minute - alarm.OpenedAt >= _sensitivity.AcceptAfter)
        {
            _model.Accept(_ring.Sum(Delay));
            return End(now with { Change = SeriesChange.Accepted });
        }

        return (worst.Change == SeriesChange.Opened && worst.Up == alarm.Up ? worst : now) with { Change = SeriesChange.Continues };
    }

    private SeriesVerdict End(SeriesVerdict verdict)
    {
        _alarm = null;
        _ring.DropExcluded();
        return verdict;
    }

    // While it goes on the minutes before are part of it, so only the baseline counts.
    private SeriesVerdict Against(Alarm alarm)
    {
        int i = Array.FindIndex(_watches, w => w.Minutes >= alarm.ClosingWindow);
        return _watches[i].Look(_ring, _comparisons[i], alarm.Up, 1, 0);
    }

    // The window that exceeds its threshold most, by which an anomaly opens; nothing when none does.
    private SeriesVerdict Worst()
    {
        SeriesVerdict worst = default;
        if (_model.Learned < _sensitivity.FirstMinutes)
        {
            return worst;
        }

        // The first weekend and the first Monday are unlike everything known; hours of the week are known after three weeks.
        double strictness = 1 + (StrictAtFirst * Math.Max(0, 1 - (_model.Learned / MinutesADay))) + (StrictWhileYoung * Math.Max(0, 1 - (_model.Learned / MinutesOfYouth)));
        for (int i = 0; i < _watches.Length; i++)
        {
            bool up = _comparisons[i].Z > 0;
            if (!(up ? _traits.Up : _traits.Down))
            {
                continue;
            }

            SeriesVerdict verdict = _watches[i].Look(_ring, _comparisons[i], up, strictness, _sensitivity.TailMargin);
            if (verdict.Score > verdict.Threshold && HasEffect(verdict, 1) && verdict.Score / verdict.Threshold > worst.Score / Math.Max(worst.Threshold, 1))
            {
                worst = verdict with { Change = SeriesChange.Opened };
            }
        }

        return worst;
    }

    private bool HasEffect(SeriesVerdict verdict, double share) =>
        (verdict.Up ? verdict.Comparison.Effect : -verdict.Comparison.Effect) >= share * _traits.SmallestEffect;

    private void Calibrate(long minute)
    {
        if (_model.Learned <= Delay)
        {
            return;
        }

        for (int i = 0; i < _watches.Length; i++)
        {
            _watches[i].Learn(_ring, _comparisons[i], minute);
        }
    }

    private void Push(Slot slot, bool isExcluded)
    {
        _ring.Push(slot, isExcluded);
        _model.LearnSeason(_ring[MaxAmendedAge + 1]);
        if (_ring.Ordinary(Delay + 1) is { } ordinary)
        {
            _model.Learn(ordinary);
        }
    }

    private sealed record Alarm(long OpenedAt, bool Up, int ClosingWindow)
    {
        public int Quiet { get; set; }
    }
}
