using Telemetry.ClickHouse.Client;
using Telemetry.TestKit;

namespace Telemetry.Detection.Tests.Loop;

/// <summary>A ClickHouse of its own process.</summary>
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
    }

    /// <summary>A client of a database that is not there yet.</summary>
    public ClickHouseClient NewDatabase() => new(_http, new ClickHouseOptions { Url = Client.Options.Url, Database = "t" + Guid.NewGuid().ToString("N") });

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
