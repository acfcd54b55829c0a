using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Support;

/// <summary>A ClickHouse of its own process; each test takes a database of its own with the whole schema.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private ServiceProcess? _server;
    private int _databases;

    public async ValueTask InitializeAsync() => _server = await ServiceProcess.StartAsync(
        "Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={_data.Path}"], TestContext.Current.CancellationToken);

    public ClickHouseOptions OptionsOf(string database) => new() { Url = _server!.Address("ClickHouse"), Database = database };

    public async Task<ClickHouseClient> NewDatabaseAsync()
    {
        var client = new ClickHouseClient(_http, OptionsOf($"judge_{Interlocked.Increment(ref _databases)}"));
        await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>SIGSTOP of the whole database.</summary>
    public void Freeze() => _server!.Freeze();

    /// <summary>SIGCONT.</summary>
    public void Thaw() => _server!.Thaw();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }
}
