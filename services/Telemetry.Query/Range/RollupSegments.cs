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
        TimeSpan finest = Finest(range.From, range.Now);
        DateTimeOffset from = Floor(range.From, finest);
        DateTimeOffset to = Ceiling(range.To, Finest(range.To, range.Now));
        var segments = new RollupSegments(from, to);
        segments.Cover(from, to, finest);
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

    private void Cover(DateTimeOffset from, DateTimeOffset to, TimeSpan finest)
    {
        TimeSpan coarser = finest == s_minute ? s_hour : s_day;
        if (finest == s_day)
        {
            Add(s_day, from, to);
            return;
        }

        DateTimeOffset first = Ceiling(from, coarser);
        DateTimeOffset last = Floor(to, coarser);
        if (first >= last)
        {
            Add(finest, from, to);
            return;
        }

        Add(finest, from, first);
        Cover(first, last, coarser);
        Add(finest, last, to);
    }

    private void Add(TimeSpan resolution, DateTimeOffset from, DateTimeOffset to)
    {
        if (from < to)
        {
            _parts.Add(((int)resolution.TotalSeconds, from, to));
        }
    }

    private static TimeSpan Finest(DateTimeOffset moment, DateTimeOffset now) =>
        moment >= now - Retention.Minutes ? s_minute : moment >= now - Retention.Hours ? s_hour : s_day;

    private static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan step) => new(moment.UtcTicks - (moment.UtcTicks % step.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset moment, TimeSpan step) => Floor(moment.AddTicks(step.Ticks - 1), step);
}
