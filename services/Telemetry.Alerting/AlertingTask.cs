namespace Telemetry.Alerting;

/// <summary>Other work that exactly one instance may do, such as the detection of anomalies; done again and again, one <see cref="AlertingOptions.EvaluateEvery"/> apart, by the instance that evaluates. At a takeover two may overlap for a moment.</summary>
/// <param name="Name">Short stable name for logs and /readyz.</param>
/// <param name="TickAsync">One round; cancelled when the instance stops.</param>
public sealed record AlertingTask(string Name, Func<CancellationToken, Task> TickAsync);
