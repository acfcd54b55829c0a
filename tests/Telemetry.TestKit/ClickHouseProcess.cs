using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;

namespace Telemetry.TestKit;

/// <summary>
/// A ClickHouse of its own process on a free port, with its own data. The test project needs Telemetry.ClickHouseServer beside it, and derives a fixture of one line:
/// <c>public sealed class ClickHouseFixture : ClickHouseProcess, IAsyncLifetime;</c>.
/// </summary>
public abstract class ClickHouseProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private ServiceProcess? _process;
    private int _databases;

    /// <summary>Starts it.</summary>
    public virtual async ValueTask InitializeAsync() => _process = await StartAsync(port: 0);

    /// <summary>Connection to a database, which need not be there.</summary>
    public ClickHouseOptions OptionsOf(string database) => new() { Url = _process!.Address("ClickHouse"), Database = database };

    /// <summary>A client of a database of its own that is not there yet.</summary>
    public ClickHouseClient NewClient() => new(_http, OptionsOf($"test_{Interlocked.Increment(ref _databases)}"));

    /// <summary>A client of a database of its own with the whole schema.</summary>
    public async Task<ClickHouseClient> NewDatabaseAsync(CancellationToken cancellation = default)
    {
        ClickHouseClient client = NewClient();
        await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
        return client;
    }

    /// <summary>SIGSTOP of the whole database.</summary>
    public void Freeze() => _process!.Freeze();

    /// <summary>SIGCONT.</summary>
    public void Thaw() => _process!.Thaw();

    /// <summary>SIGKILL: connections break, and the port is closed until <see cref="RestartAsync"/>.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Starts it again after a kill, on the same port and data.</summary>
    public async Task RestartAsync()
    {
        int port = _process!.Address("ClickHouse").Port;
        await _process.DisposeAsync();
        _process = await StartAsync(port);
    }

    /// <summary>Stops it and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<ServiceProcess> StartAsync(int port) => ServiceProcess.StartAsync(
        "Telemetry.ClickHouseServer", [$"EmbeddedClickHouse:Port={port}", $"EmbeddedClickHouse:Path={_data.Path}"], CancellationToken.None);
}
