using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.TestKit;

namespace Telemetry.Processor.Tests.Write;

/// <summary>A ClickHouse of its own process with the whole schema.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private ServiceProcess? _server;

    public ClickHouseClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        _server = await ServiceProcess.StartAsync("Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={_data.Path}"], cancellation);
        Client = new ClickHouseClient(_http, new ClickHouseOptions { Url = _server.Address("ClickHouse") });
        await new MigrationRunner(Client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
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
