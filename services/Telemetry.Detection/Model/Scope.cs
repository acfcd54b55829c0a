namespace Telemetry.Detection.Model;

/// <summary>A way to cut the traffic into keys.</summary>
/// <param name="Name">Its name in <c>llm_anomalies</c>.</param>
/// <param name="Tenant">Expression of the tenant over a rollup; '' when it is no part of the key.</param>
/// <param name="Service">The same of the service.</param>
/// <param name="Model">The same of the model requested.</param>
/// <param name="Operation">The same of the operation.</param>
/// <param name="PromptName">The same of the prompt.</param>
/// <param name="PromptVersion">The same of its version.</param>
/// <param name="Condition">Rows that belong to a key at all.</param>
internal sealed record Scope(string Name, string Tenant, string Service, string Model, string Operation, string PromptName, string PromptVersion, string Condition)
{
    private const string None = "''";
    private const string Any = "true";

    /// <summary>A service as a whole.</summary>
    public static Scope OfService { get; } = new("service", None, "service", None, None, None, None, Any);

    /// <summary>A service's use of a model.</summary>
    public static Scope OfModel { get; } = new("service_model", None, "service", "model_requested", "operation", None, None, Any);

    /// <summary>A version of a prompt.</summary>
    public static Scope OfPrompt { get; } = new("prompt", None, "service", None, None, "prompt_name", "prompt_version", "prompt_name != ''");

    /// <summary>A tenant as a whole.</summary>
    public static Scope OfTenant { get; } = new("tenant", "tenant", None, None, None, None, None, Any);

    /// <summary>All of them; where keys are left out, the earlier scopes do not go first: activity counts.</summary>
    public static IReadOnlyList<Scope> All { get; } = [OfService, OfModel, OfPrompt, OfTenant];

    /// <summary>The scope of that name; null when there is none, for rows of another version.</summary>
    public static Scope? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <summary>Number of a key among those of its scope, the same everywhere.</summary>
    public string Hash => $"cityHash64('{Name}', toString({Tenant}), toString({Service}), toString({Model}), toString({Operation}), toString({PromptName}), toString({PromptVersion}))";
}
