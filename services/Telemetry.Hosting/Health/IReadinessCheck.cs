namespace Telemetry.Hosting.Health;

/// <summary>Says whether one part of a service can do its work now. Asked by <c>/readyz</c>; must answer fast and never throw.</summary>
public interface IReadinessCheck
{
    /// <summary>Short stable name, for example <c>span_log</c>.</summary>
    string Name { get; }

    /// <summary>Null when ready; otherwise the reason for people, without secrets.</summary>
    string? NotReadyReason();
}

/// <summary>A readiness check made of a name and a function.</summary>
public sealed class ReadinessCheck(string name, Func<string?> notReadyReason) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public string? NotReadyReason() => notReadyReason();
}
