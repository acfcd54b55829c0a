using System.Text;

namespace Telemetry.Query.Range;

/// <summary>
/// A range as rows of rollups: whole days where there are any, whole hours and minutes at its ends. Each call is in exactly one of them, so totals are those of the
/// range to the minute, and a month costs some dozen rows a key. Ends that are older than a rollup reaches begin with the next coarser one.
/// </summary>
internal sealed class RollupSegments
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] s_rows = [s_day, s_hour, s_minute];

    private readonly List<(int Resolution, DateTimeOffset From, DateTimeOffset To)> _parts = [];

    private RollupSegments(DateTimeOffset from, DateTimeOffset to) => (From, To) = (from, to);

    /// <summary>Where it really begins.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Where it really ends.</summary>
    public DateTimeOffset To { get; }

    /// <summary>Resolution in seconds, and from when until when its rows are read.</summary>
    public IReadOnlyList<(int Resolution, DateTimeOffset From, DateTimeOffset To)> Parts => _parts;

    /// <summary>Covers a range.</summary>
    public static RollupSegments Of(TimeRange range)
    {
        var segments = new RollupSegments(Floor(range.From, Finest(range.From, range.Now)), Ceiling(range.To, Finest(range.To, range.Now)));
        for (DateTimeOffset at = segments.From; at < segments.To;)
        {
            TimeSpan row = Row(at, segments.To, Finest(at, range.Now));
            segments.Add(row, at);
            at += row;
        }

        return segments;
    }

    /// <summary>The condition on <c>llm_rollups</c>; values go into the parameters.</summary>
    /// <param name="alias">Name of the view in the statement.</param>
    /// <param name="prefix">Begins the names of the parameters.</param>
    /// <param name="parameters">Takes the values.</param>
    public string Where(string alias, string prefix, IDictionary<string, object?> parameters)
    {
        var text = new StringBuilder();
        for (int i = 0; i < _parts.Count; i++)
        {
            (int resolution, DateTimeOffset from, DateTimeOffset to) = _parts[i];
            parameters[$"{prefix}{i}_from"] = from;
            parameters[$"{prefix}{i}_to"] = to;
            text.Append(i == 0 ? "" : " OR ")
                .Append($"({alias}.resolution = {resolution} AND {alias}.ts >= {{{prefix}{i}_from:DateTime('UTC')}} AND {alias}.ts < {{{prefix}{i}_to:DateTime('UTC')}})");
        }

        return _parts.Count == 1 ? text.ToString() : $"({text})";
    }

    // The coarsest row that begins here and ends in time. Where the range ends beside what is kept no longer, a finer one than that: a day of grace has it still.
    private static TimeSpan Row(DateTimeOffset at, DateTimeOffset to, TimeSpan finest)
    {
        TimeSpan row = s_rows.FirstOrDefault(r => r >= finest && Floor(at, r) == at && at + r <= to);
        return row > TimeSpan.Zero ? row : s_rows.First(r => Floor(at, r) == at && at + r <= to);
    }

    private void Add(TimeSpan row, DateTimeOffset at)
    {
        int resolution = (int)row.TotalSeconds;
        if (_parts.Count > 0 && _parts[^1].Resolution == resolution)
        {
            _parts[^1] = (resolution, _parts[^1].From, at + row);
        }
        else
        {
            _parts.Add((resolution, at, at + row));
        }
    }

    private static TimeSpan Finest(DateTimeOffset moment, DateTimeOffset now) =>
        moment >= now - Retention.Minutes ? s_minute : moment >= now - Retention.Hours ? s_hour : s_day;

    private static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan step) => new(moment.UtcTicks - (moment.UtcTicks % step.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset moment, TimeSpan step) => Floor(moment.AddTicks(step.Ticks - 1), step);
}
