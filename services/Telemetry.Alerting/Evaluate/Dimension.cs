namespace Telemetry.Alerting.Evaluate;

/// <summary>What rules can group by and filter on. The list is fixed: names of columns in statements come from here alone.</summary>
/// <param name="Name">Name in rules and labels.</param>
/// <param name="Column">Column of <c>llm_calls</c>.</param>
/// <param name="InRollups">Whether the rollups have it.</param>
/// <param name="InScores">Whether <c>llm_scores</c> has it.</param>
internal sealed record Dimension(string Name, string Column, bool InRollups, bool InScores = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Dimension> All { get; } =
    [
        new("tenant", "tenant", true, true), new("service", "service", true, true), new("environment", "environment", true), new("provider", "provider", true),
        new("model", "model_requested", true), new("model_answered", "model_answered", true), new("operation", "operation", true),
        new("prompt", "prompt_name", true), new("prompt_version", "prompt_version", true),
        new("user", "user_id", false), new("session", "session_id", false), new("agent", "agent_name", false), new("error_type", "error_type", false),
    ];

    /// <summary>The dimension of that name; null when there is none.</summary>
    public static Dimension? Find(string name) => All.FirstOrDefault(d => d.Name == name);
}
