namespace Telemetry.Grafana.Tests.Macros;

/// <summary>What is chosen in a dashboard: a time range, the interval that Grafana works out of it, and the values of the variables.</summary>
/// <param name="From">Start of the range.</param>
/// <param name="To">End of the range.</param>
/// <param name="Values">Chosen values by variable; a variable without an entry stands on All.</param>
public sealed record Selection(DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, string[]> Values)
{
    /// <summary>Grafana's steps of intervals, in seconds, as far as ranges of some hours to a month need them.</summary>
    private static readonly int[] Steps = [60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

    /// <summary>Nothing chosen but the time.</summary>
    public static Selection All(DateTimeOffset now, TimeSpan range) => new(now - range, now, new Dictionary<string, string[]>(StringComparer.Ordinal));

    public bool IsAll(string variable) => !Values.ContainsKey(variable);

    /// <summary>Seconds of a step when a panel asks for that many points at most.</summary>
    public int IntervalSeconds(int maxDataPoints) => Steps.First(s => s >= (To - From).TotalSeconds / maxDataPoints || s == Steps[^1]);

    public Selection With(string variable, params string[] values) => this with { Values = new Dictionary<string, string[]>(Values, StringComparer.Ordinal) { [variable] = values } };
}
