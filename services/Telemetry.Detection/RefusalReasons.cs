namespace Telemetry.Detection;

/// <summary>
/// Finish reasons that say that an answer was refused or cut off by a content filter, of all providers. The rollups count the same ones
/// (<c>schemas/clickhouse/0015_refusals.sql</c>); what is asked of the calls themselves must agree with them.
/// </summary>
public static class RefusalReasons
{
    /// <summary>The reasons, in lower case.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "content_filter", "content-filter", "content_filtered", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii", "image_safety", "guardrail_intervened",
    ];

    /// <summary>A condition on calls: whether one of their finish reasons is among them.</summary>
    /// <param name="finishReasons">Expression of the column, for example <c>source.finish_reasons</c>.</param>
    public static string Condition(string finishReasons) => $"hasAny(arrayMap(reason -> lower(reason), {finishReasons}), ['{string.Join("', '", All)}'])";
}
