using Telemetry.TestKit;

namespace Telemetry.Chaos;

/// <summary>Everything in one process.</summary>
internal sealed class AllInOneLayout : ILayout
{
    private readonly TemporaryDirectory _data = new();
    private volatile ServiceProcess? _process;

    /// <inheritdoc />
    public string Name => "all-in-one";

    /// <inheritdoc />
    public IReadOnlyList<string> Victims => ["all-in-one"];

    /// <inheritdoc />
    public IReadOnlyList<Uri> Collectors => _process is { } running ? [running.Address("OTLP/HTTP")] : [];

    /// <inheritdoc />
    public Uri? ClickHouse => _process?.Address("ClickHouse");

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellation) => _process = await ServiceProcess.StartAsync(
        "Telemetry.AllInOne",
        [
            "Collector:Grpc:Port=0", "Collector:Http:Port=0", "EmbeddedClickHouse:Port=0", "Operations:Port=0",
            $"SpanLog:Path={Path.Combine(_data.Path, "span-log")}", $"EmbeddedClickHouse:Path={Path.Combine(_data.Path, "clickhouse")}",
        ],
        cancellation);

    /// <inheritdoc />
    public async Task KillAsync(string victim, CancellationToken cancellation)
    {
        ServiceProcess? process = _process;
        _process = null;
        await process!.KillAsync();
        await process.DisposeAsync();
        await StartAsync(cancellation);
    }

    /// <inheritdoc />
    public Task<bool> FreezeAsync(string victim, TimeSpan duration, CancellationToken cancellation) => Task.FromResult(false);

    /// <inheritdoc />
    public Task<bool> PoisonAsync(string record, CancellationToken cancellation) => Task.FromResult(false);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _data.Dispose();
    }
}
