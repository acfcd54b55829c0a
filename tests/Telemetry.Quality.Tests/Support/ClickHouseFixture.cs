using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.TestKit;

[assembly: AssemblyFixture(typeof(Telemetry.Quality.Tests.Support.ClickHouseFixture))]

namespace Telemetry.Quality.Tests.Support;

/// <summary>A ClickHouse of its own process; each test takes a database of its own with the whole schema.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private ServiceProcess? _server;
    private int _databases;

    /// <summary>The HTTP interface.</summary>
    public Uri Url => _server!.Address("ClickHouse");

    public async ValueTask InitializeAsync() => _server = await ServiceProcess.StartAsync(
        "Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={_data.Path}"], TestContext.Current.CancellationToken);

    public async Task<ClickHouseClient> NewDatabaseAsync()
    {
        var client = new ClickHouseClient(_http, new ClickHouseOptions { Url = Url, Database = $"quality_{Interlocked.Increment(ref _databases)}" });
        await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return client;
    }

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
