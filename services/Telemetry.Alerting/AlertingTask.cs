namespace Telemetry.Alerting;

/// <summary>Other work that exactly one instance may do, such as the detection of anomalies; done once a round by the instance that evaluates.</summary>
/// <param name="Name">Short stable name for logs and /readyz.</param>
/// <param name="TickAsync">One round; cancelled when the instance stops or loses its turn.</param>
public sealed record AlertingTask(string Name, Func<CancellationToken, Task> TickAsync);
