namespace Telemetry.Chaos;

/// <summary>Processes that belong together, each of which can be killed and started again.</summary>
internal interface ILayout : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>What can be killed.</summary>
    IReadOnlyList<string> Victims { get; }

    /// <summary>Starts everything.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Where spans may be sent now; some may be down.</summary>
    IReadOnlyList<Uri> Collectors { get; }

    /// <summary>Where ClickHouse answers now; null while it is down.</summary>
    Uri? ClickHouse { get; }

    /// <summary><c>kill -9</c>, then starts it again.</summary>
    Task KillAsync(string victim, CancellationToken cancellation);

    /// <summary>Lets a process stand still for a while (SIGSTOP), so that others take over what it still believes to be its own; false where nothing can be frozen apart.</summary>
    Task<bool> FreezeAsync(string victim, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Puts a record that is no OTLP into the log; false where that cannot be done from outside.</summary>
    Task<bool> PoisonAsync(string record, CancellationToken cancellation);
}
