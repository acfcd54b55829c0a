using Telemetry.Hosting.Health;

namespace Telemetry.Collector.Authenticate;

/// <summary>Tells how many keys are taken, and whether the last change of them was.</summary>
internal sealed class KeysReadiness(IngestGate gate) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "keys";

    /// <inheritdoc />
    public IReadOnlyDictionary<string, long?> Figures => gate.IsOpen
        ? new Dictionary<string, long?> { ["open"] = 1 }
        : new Dictionary<string, long?> { ["open"] = 0, ["valid"] = gate.ValidKeys, ["change_refused"] = gate.Problem is null ? 0 : 1 };

    /// <inheritdoc />
    public string? NotReadyReason() => null;
}
