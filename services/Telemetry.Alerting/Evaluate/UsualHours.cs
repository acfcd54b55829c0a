using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Evaluate;

/// <summary>
/// Whether calls are to be expected now: by the same time a week ago, and while a group is not known for that long by the same time yesterday, but on a Saturday, of
/// which a Friday says nothing. Of a group that was not there yesterday nothing is known, so its first quiet night is nobody's alarm.
/// </summary>
internal sealed class UsualHours(MetricReader metrics)
{
    private const long FewestCalls = 5;
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly MetricUse s_calls = new(MetricCatalog.Find("calls")!, [], [], null, []);

    /// <summary>The groups of a rule that make calls at this time of the week.</summary>
    /// <param name="rule">Groups and filters.</param>
    /// <param name="silence">How long the silence is that is asked about.</param>
    /// <param name="moment">Now.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouse.Client.ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlySet<Labels>> ReadAsync(Rule rule, TimeSpan silence, Moment moment, CancellationToken cancellation)
    {
        DateTimeOffset to = moment.Heard;
        TimeSpan window = silence < TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : silence;
        IReadOnlySet<Labels> known = await AtAsync(rule, to - s_week, s_day, 1, moment, cancellation);
        IReadOnlySet<Labels> lastWeek = await AtAsync(rule, to - s_week, window, FewestCalls, moment, cancellation);
        IReadOnlySet<Labels> yesterday = to.UtcDateTime.DayOfWeek == DayOfWeek.Saturday ? new HashSet<Labels>() : await AtAsync(rule, to - s_day, window, FewestCalls, moment, cancellation);
        return lastWeek.Union(yesterday.Except(known)).ToHashSet();
    }

    private async Task<IReadOnlySet<Labels>> AtAsync(Rule rule, DateTimeOffset to, TimeSpan window, long fewest, Moment moment, CancellationToken cancellation) =>
        (await metrics.ReadAsync(s_calls, rule, MetricReader.Align(to - window, window), to, moment with { IsLive = false }, cancellation))
            .Where(f => f.Value.Value >= fewest).Select(f => f.Key).ToHashSet();
}
