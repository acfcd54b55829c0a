namespace Telemetry.Hosting.Health;

/// <summary>Says whether one part of a service can do its work now. Asked by <c>/readyz</c>; must answer fast and never throw.</summary>
public interface IReadinessCheck
{
    /// <summary>Short stable name, for example <c>span_log</c>.</summary>
    string Name { get; }

    /// <summary>Null when ready; otherwise the reason for people, without secrets.</summary>
    string? NotReadyReason();

    /// <summary>Figures for people that go with the answer, by name; null for one that is not known yet. Must answer fast and never throw.</summary>
    IReadOnlyDictionary<string, long?> Figures { get; }
}

/// <summary>A readiness check made of a name and functions.</summary>
public sealed class ReadinessCheck(string name, Func<string?> notReadyReason, Func<IReadOnlyDictionary<string, long?>>? figures = null) : IReadinessCheck
{
    private static readonly Dictionary<string, long?> NoFigures = [];

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public string? NotReadyReason() => notReadyReason();

    /// <inheritdoc />
    public IReadOnlyDictionary<string, long?> Figures => figures?.Invoke() ?? NoFigures;
}
