namespace Telemetry.Hosting.Process;

/// <summary>One part of a process: started in the order of the list, stopped in the reverse order.</summary>
/// <param name="Name">Short stable name for logs and errors, for example <c>collector</c>.</param>
/// <param name="StartAsync">Completes when the part does its work; throws with a clear reason otherwise.</param>
/// <param name="StopAsync">Drains and releases everything; the token fires when the shutdown bound is over. Called once, and only if the start was tried.</param>
public sealed record ServicePart(string Name, Func<CancellationToken, Task> StartAsync, Func<CancellationToken, Task> StopAsync)
{
    /// <summary>A part that only has to be disposed at the end.</summary>
    public static ServicePart Owning(string name, Func<CancellationToken, Task> start, IAsyncDisposable resource) =>
        new(name, start, async _ => await resource.DisposeAsync());
}
