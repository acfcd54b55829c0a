using Telemetry.Collector.Receive;

namespace Telemetry.Collector.Authenticate;

/// <summary>What the gate says of a request: whose it is, or why it goes no further.</summary>
/// <param name="Tenant">Whose it is; null when it was refused. Whoever got it calls <see cref="TenantState.Leave"/> once.</param>
/// <param name="Refusal">What the client is told when it was refused.</param>
internal readonly record struct Admittance(TenantState? Tenant, ExportOutcome Refusal);
