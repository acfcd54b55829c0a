namespace Telemetry.Alerting.Evaluate;

/// <summary>Where a metric comes from.</summary>
internal enum MetricSource
{
    /// <summary>Calls: the rollups where they know every dimension that is asked for, else <c>llm_calls</c>.</summary>
    Calls,

    /// <summary>Judgements.</summary>
    Scores,

    /// <summary>Judgements by models beside those of people on the same answers.</summary>
    Agreement,

    /// <summary>How long ago the last call came in.</summary>
    Silence,

    /// <summary>The pipeline itself; it has no dimensions.</summary>
    Pipeline,
}

/// <summary>One metric that rules can use. The list in <see cref="MetricCatalog"/> is fixed: expressions in statements come from there alone.</summary>
/// <param name="Name">Name in rules.</param>
/// <param name="Unit">share, ms, usd, s, or empty for a count.</param>
/// <param name="Description">What it is.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Value">Expression over the aggregates of <see cref="Aggregate"/>, each in braces.</param>
/// <param name="Samples">Expression of how many samples it is made of.</param>
/// <param name="IsAdditive">Whether an incomplete minute makes it too small, so that only complete ones may count.</param>
/// <param name="Worst">What makes a call an example of it: an expression of <c>llm_calls</c>, the greatest first.</param>
internal sealed record MetricDefinition(
    string Name, string Unit, string Description, MetricSource Source, string Value, string Samples, bool IsAdditive = false, string Worst = "ts");
