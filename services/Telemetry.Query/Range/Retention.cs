namespace Telemetry.Query.Range;

/// <summary>How far back each rollup surely reaches, by the schema's own retention less a day of grace.</summary>
internal static class Retention
{
    /// <summary>Rows of <c>llm_rollup_1m</c>.</summary>
    public static readonly TimeSpan Minutes = TimeSpan.FromDays(29);

    /// <summary>Rows of <c>llm_rollup_1h</c>.</summary>
    public static readonly TimeSpan Hours = TimeSpan.FromDays(399);
}
