using Telemetry.Query.Ask;

namespace Telemetry.Query.Filter;

/// <summary>
/// What calls can be grouped by and filtered on. The list is fixed: names of columns in statements come from here alone, whatever a request says.
/// </summary>
/// <param name="Name">Name in requests.</param>
/// <param name="Column">Column in <c>llm_calls</c>, and in the rollups if they have it.</param>
/// <param name="Description">What it says.</param>
/// <param name="InRollups">Whether the rollups have it.</param>
/// <param name="IsList">Whether a call has several of them.</param>
internal sealed record Dimension(string Name, string Column, string Description, bool InRollups, bool IsList = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Dimension> All { get; } =
    [
        new("tenant", "tenant", "Who sent it", true),
        new("service", "service", "The application's service.name", true),
        new("environment", "environment", "deployment.environment.name", true),
        new("provider", "provider", "gen_ai.provider.name, such as openai or anthropic", true),
        new("model", "model_requested", "Model that was asked for", true),
        new("model_answered", "model_answered", "Model that answered", true),
        new("operation", "operation", "chat, embeddings, ...", true),
        new("prompt", "prompt_name", "Name of the prompt", true),
        new("prompt_version", "prompt_version", "Version of the prompt", true),
        new("status", "status", "ok or error", true),
        new("user", "user_id", "The application's user", false),
        new("session", "session_id", "Conversation", false),
        new("agent", "agent_name", "Agent that made the call", false),
        new("workflow", "workflow_name", "Workflow that made the call", false),
        new("error_type", "error_type", "What an error was", false),
        new("finish_reason", "finish_reasons", "Why the answer ended", false, IsList: true),
        new("flag", "flags", "What was noticed about the call, such as truncated or refusal", false, IsList: true),
        new("label", "labels", "Tags that the application put on the call", false, IsList: true),
        new("cost_reason", "cost_reason", "Why the call has no price", false),
        new("price_id", "price_id", "The price entry that priced the call", false),
        new("service_tier", "service_tier", "flex, priority, batch, ...", false),
        new("convention", "convention", "The dialect of the span", false),
    ];

    /// <summary>Those that the rollups have.</summary>
    public static IReadOnlyList<Dimension> OfRollups { get; } = [.. All.Where(d => d.InRollups)];

    /// <summary>The dimension of that name.</summary>
    /// <exception cref="InvalidQueryException">There is none.</exception>
    public static Dimension Get(string field, string name, bool inRollups = false) =>
        (inRollups ? OfRollups : All).FirstOrDefault(d => d.Name == name)
        ?? throw new InvalidQueryException(field, name, string.Join(", ", (inRollups ? OfRollups : All).Select(d => d.Name)));

    /// <summary>Expression over an alias, as text.</summary>
    public string Of(string alias) => Name == "status" ? $"toString({alias}.{Column})" : $"{alias}.{Column}";

    /// <summary>Column of answers.</summary>
    public Column AsColumn => Ask.Column.Text(Name, Description + "; empty when not known");
}
