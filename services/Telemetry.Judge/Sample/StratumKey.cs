namespace Telemetry.Judge.Sample;

/// <summary>What calls have in common that are sampled alike.</summary>
/// <param name="Tenant">Tenant.</param>
/// <param name="Service">Service.</param>
/// <param name="PromptName">Name of the prompt; empty when unknown.</param>
/// <param name="PromptVersion">Version of the prompt; empty when unknown.</param>
/// <param name="Model">The model that was asked for.</param>
internal sealed record StratumKey(string Tenant, string Service, string PromptName, string PromptVersion, string Model);
