namespace Telemetry.Detection.Model;

/// <summary>What is watched. Dimensions that are not part of the scope are empty.</summary>
internal sealed record MetricKey(Scope Scope, string Tenant, string Service, string Model, string Operation, string PromptName, string PromptVersion)
{
    /// <summary>All of it in one text, for ids.</summary>
    public override string ToString() => string.Join('\u001f', Scope.Name, Tenant, Service, Model, Operation, PromptName, PromptVersion);
}
