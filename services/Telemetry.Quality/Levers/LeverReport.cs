namespace Telemetry.Quality.Levers;

/// <summary>What would have been saved, and how much of the traffic could be looked at.</summary>
/// <param name="Days">Days of traffic, 1 to 7, that months are reckoned from.</param>
/// <param name="Calls">Calls in them.</param>
/// <param name="PricedCalls">Of them those whose cost is known; no other can be saved.</param>
/// <param name="CallsWithMessages">Of them those whose messages were kept; what compares prompts sees no others.</param>
/// <param name="UsdPerMonth">US dollars that a month of such traffic costs.</param>
/// <param name="Levers">By what they count for in the total, the largest first.</param>
public sealed record LeverReport(double Days, long Calls, long PricedCalls, long CallsWithMessages, double UsdPerMonth, IReadOnlyList<Lever> Levers)
{
    /// <summary>Days that a month is reckoned with.</summary>
    public const int DaysOfMonth = 30;

    /// <summary>US dollars a month of all levers together, each call's money once.</summary>
    public double SavedUsdPerMonth => Levers.Sum(l => l.CountedUsdPerMonth);
}

/// <summary>One lever of one service.</summary>
/// <param name="Name">exact_duplicate, near_duplicate, uncached_prefix, oversized_context, wasted_retry, truncated_answer, cheaper_model.</param>
/// <param name="Service">The service.</param>
/// <param name="Calls">Calls that it would have made cheaper.</param>
/// <param name="SavedUsdPerMonth">US dollars a month that it alone would save; levers overlap, so these do not add up.</param>
/// <param name="CountedUsdPerMonth">Its part of the total: of calls that it saves most on.</param>
/// <param name="ExampleTraces">Traces that show it, the dearest first.</param>
public sealed record Lever(string Name, string Service, long Calls, double SavedUsdPerMonth, double CountedUsdPerMonth, IReadOnlyList<string> ExampleTraces);
