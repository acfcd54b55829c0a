using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;
using Telemetry.Detection.Read;

namespace Telemetry.Detection.Track;

/// <summary>The keys and scores that are watched. What is usual for them is rebuilt from the rollups, so nothing is lost when the process ends.</summary>
internal sealed class WatchList(ClickHouseClient client, DetectionOptions options)
{
    private const int RecentMinutes = 3 * 1440;
    private const int MinutesAChunk = 360;
    private const int HoursAChunk = 7 * 24;

    // Each minute of a key has three sketches, which a query holds all at once: what is asked at a time is bounded, whatever the number of keys.
    private const int MostMinutesOfKeys = 30_000;
    private const long LongAgo = 1_000_000;

    private readonly KeyReader _keys = new(client);
    private readonly MinuteReader _minutes = new(client);
    private readonly ScoreReader _scoreReader = new(client);
    private readonly Dictionary<ulong, KeyWatch> _watches = [];
    private readonly Dictionary<(string Service, string Name), SeriesDetector> _scores = [];
    private readonly Sensitivity _sensitivity = new(options.OpenAt) { FirstMinutes = options.FirstMinutes, AcceptAfter = (int)options.AcceptAfter.TotalMinutes };

    /// <summary>The detector of a topic; null when it is not watched.</summary>
    public SeriesDetector? Find(AnomalyTopic topic)
    {
        if (topic.Metric == MetricTraits.Of(Metric.Score).Name)
        {
            return _scores.GetValueOrDefault((topic.Key.Service, topic.Subject));
        }

        MetricTraits? traits = MetricTraits.All.FirstOrDefault(t => t.Name == topic.Metric);
        return traits is null ? null : _watches.Values.FirstOrDefault(w => w.Key == topic.Key)?[traits.Metric];
    }

    /// <summary>Takes up keys that have become active and leaves those that have not been for a day.</summary>
    /// <param name="now">The time.</param>
    /// <param name="from">The first minute that is not history.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task RefreshAsync(DateTimeOffset now, long from, CancellationToken cancellation)
    {
        (IReadOnlyList<(ulong Id, MetricKey Key)> keys, long all) = await _keys.ReadAsync(now, options.MaxKeys, cancellation);
        Dictionary<ulong, KeyWatch> added = keys.Where(k => !_watches.ContainsKey(k.Id)).ToDictionary(k => k.Id, k => new KeyWatch(k.Key, _sensitivity));
        await LoadAsync(added, from, cancellation);
        foreach (ulong gone in _watches.Keys.Except(keys.Select(k => k.Id)).ToList())
        {
            _watches.Remove(gone);
        }

        foreach ((ulong id, KeyWatch watch) in added)
        {
            _watches[id] = watch;
        }

        if (_scores.Count == 0)
        {
            for (long at = from - RecentMinutes; at < from; at += MinutesAChunk)
            {
                ObserveScores(await _scoreReader.ReadAsync(at, Math.Min(from, at + MinutesAChunk), cancellation), at, Math.Min(from, at + MinutesAChunk), (_, _, _, _) => { });
            }
        }

        DetectionMetrics.SetKeys(_watches.Count, Math.Max(0, all - _watches.Count));
    }

    /// <summary>Observes closed minutes.</summary>
    /// <param name="from">The first, in minutes since 1970.</param>
    /// <param name="to">The minute behind the last one.</param>
    /// <param name="wholeTo">Minutes before this one were passed by all Processors.</param>
    /// <param name="told">Takes topic, traits, minute and what is said of it.</param>
    /// <param name="cancellation">Gives up; nothing has changed then.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked; nothing has changed.</exception>
    public async Task ObserveAsync(long from, long to, long wholeTo, Action<AnomalyTopic, MetricTraits, long, SeriesVerdict> told, CancellationToken cancellation)
    {
        long amended = from - SeriesDetector.MaxAmendedAge;
        IReadOnlyList<MinuteStats> rows = await _minutes.ReadAsync(_watches.Keys, amended, to, cancellation);
        IReadOnlyList<ScoreMinute> scores = await _scoreReader.ReadAsync(from, to, cancellation);
        foreach (MinuteStats late in rows.Where(r => r.Minute < from))
        {
            _watches[late.Key].Amend(late, to - 1 - late.Minute, late.Minute < wholeTo);
        }

        Dictionary<(ulong, long), MinuteStats> byMinute = rows.ToDictionary(r => (r.Key, r.Minute));
        for (long minute = from; minute < to; minute++)
        {
            foreach ((ulong id, KeyWatch watch) in _watches)
            {
                long at = minute;
                MinuteStats stats = byMinute.GetValueOrDefault((id, minute)) ?? MinuteStats.None(id, minute);
                watch.Observe(stats, to - 1 - minute, minute < wholeTo, (metric, verdict) => told(Topic(watch.Key, metric, verdict), MetricTraits.Of(metric), at, verdict));
            }
        }

        ObserveScores(scores, from, to, told);
    }

    private void ObserveScores(IReadOnlyList<ScoreMinute> scores, long from, long to, Action<AnomalyTopic, MetricTraits, long, SeriesVerdict> told)
    {
        foreach (ScoreMinute score in scores)
        {
            if (_scores.Count < options.MaxKeys)
            {
                _scores.TryAdd((score.Service, score.Name), new SeriesDetector(MetricTraits.Of(Metric.Score), _sensitivity));
            }
        }

        Dictionary<(string, string, long), ScoreMinute> byMinute = scores.ToDictionary(s => (s.Service, s.Name, s.Minute));
        MetricTraits traits = MetricTraits.Of(Metric.Score);
        for (long minute = from; minute < to; minute++)
        {
            foreach (((string service, string name), SeriesDetector detector) in _scores)
            {
                ScoreMinute? score = byMinute.GetValueOrDefault((service, name, minute));
                SeriesVerdict verdict = detector.Observe(minute, score?.Mean ?? double.NaN, score?.Judged ?? 0);
                if (verdict.Change != SeriesChange.None)
                {
                    told(new AnomalyTopic(new MetricKey(Scope.OfService, "", service, "", "", "", ""), traits.Name, name, verdict.Up), traits, minute, verdict);
                }
            }
        }
    }

    private async Task LoadAsync(Dictionary<ulong, KeyWatch> added, long to, CancellationToken cancellation)
    {
        if (added.Count == 0)
        {
            return;
        }

        long recent = (to - RecentMinutes) / 60 * 60;
        int hoursAChunk = Math.Clamp(MostMinutesOfKeys / 60 / added.Count, 1, HoursAChunk);
        int minutesAChunk = Math.Clamp(MostMinutesOfKeys / added.Count, 1, MinutesAChunk);
        for (long hour = (recent / 60) - (options.HistoryDays * 24L); hour < recent / 60; hour += hoursAChunk)
        {
            long end = Math.Min(hour + hoursAChunk, recent / 60);
            foreach (HourStats hours in await _minutes.ReadHoursAsync(added.Keys, hour * 60, end * 60, cancellation))
            {
                foreach ((Metric metric, double value) in hours.Values)
                {
                    added[hours.Key][metric].LearnHour(hours.Hour, value);
                }
            }
        }

        // A key begins with its first call: what was before is no silence.
        var begun = new HashSet<ulong>();
        for (long at = recent; at < to; at += minutesAChunk)
        {
            long end = Math.Min(to, at + minutesAChunk);
            Dictionary<(ulong, long), MinuteStats> rows = (await _minutes.ReadAsync(added.Keys, at, end, cancellation)).ToDictionary(r => (r.Key, r.Minute));
            foreach ((ulong id, KeyWatch watch) in added)
            {
                for (long minute = at; minute < end; minute++)
                {
                    MinuteStats? stats = rows.GetValueOrDefault((id, minute));
                    if (stats is not null || begun.Contains(id))
                    {
                        begun.Add(id);
                        watch.Observe(stats ?? MinuteStats.None(id, minute), LongAgo, isWhole: true, static (_, _) => { });
                    }
                }
            }
        }
    }

    private static AnomalyTopic Topic(MetricKey key, Metric metric, SeriesVerdict verdict) => new(key, MetricTraits.Of(metric).Name, "", verdict.Up);
}
