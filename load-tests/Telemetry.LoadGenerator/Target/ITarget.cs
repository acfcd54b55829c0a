using Telemetry.SpanLog;

namespace Telemetry.LoadGenerator.Target;

/// <summary>What is loaded: where it listens, and which processes it is.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>What it is, for the report.</summary>
    string Description { get; }

    /// <summary>OTLP/gRPC; null when it has none.</summary>
    Uri? Grpc { get; }

    /// <summary>OTLP/HTTP; null when it has none.</summary>
    Uri? Http { get; }

    /// <summary>ClickHouse; null when it has none.</summary>
    Uri? ClickHouse { get; }

    /// <summary>Processes to watch.</summary>
    IReadOnlyList<(string Name, int Pid)> Processes { get; }

    /// <summary>Stops what was started and gives the span log that it leaves behind, where its spans can be counted; null when it has none to offer.</summary>
    Task<SpanLogOptions?> StopAsync(CancellationToken cancellation);
}

/// <summary>Something that runs already.</summary>
internal sealed class AttachedTarget(TargetSettings settings) : ITarget
{
    /// <inheritdoc />
    public string Description => "attached";

    /// <inheritdoc />
    public Uri? Grpc => settings.Grpc;

    /// <inheritdoc />
    public Uri? Http => settings.Http;

    /// <inheritdoc />
    public Uri? ClickHouse => settings.ClickHouse;

    /// <inheritdoc />
    public IReadOnlyList<(string Name, int Pid)> Processes { get; } = [.. settings.Processes.Select(p => (File.ReadAllText($"/proc/{p}/comm").Trim(), p))];

    /// <inheritdoc />
    public Task<SpanLogOptions?> StopAsync(CancellationToken cancellation) => Task.FromResult<SpanLogOptions?>(null);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
