using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;

[assembly: AssemblyFixture(typeof(Telemetry.ClickHouse.Tests.EngineFixture))]

namespace Telemetry.ClickHouse.Tests;

/// <summary>The one engine of the test process. Each test makes its own database.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-clickhouse-" + Guid.NewGuid().ToString("N"));
    private EmbeddedClickHouse? _engine;

    public const int Queries = 8;

    public const string Password = "s3cret'\\";

    public Uri Url => _engine!.Url;

    public string DataPath => _path;

    public HttpClient Http { get; } = ClickHouseClient.CreateHttpClient();

    public EmbeddedClickHouse Engine => _engine!;

    public async ValueTask InitializeAsync()
    {
        _engine = new EmbeddedClickHouse(
            new EmbeddedClickHouseOptions
            {
                Path = _path,
                Port = 0,
                Password = Password,
                ReadOnlyPassword = "look",
                MaxConcurrentQueries = Queries,
                MaxConcurrentInserts = 2,
                QueueTimeout = TimeSpan.FromMilliseconds(300),
                MaxBodyBytes = 16 << 20,
                MaxWholeResultBytes = 4 << 20,
                AllowedOrigins = ["http://grafana.test"],
            },
            NullLoggerFactory.Instance,
            TimeProvider.System);
        await _engine.StartAsync(TestContext.Current.CancellationToken);
    }

    public ClickHouseClient Client(string database = "default", string user = "default", string password = Password) =>
        new(Http, new ClickHouseOptions { Url = Url, Database = database, User = user, Password = password });

    /// <summary>A client of a new, empty database.</summary>
    public async Task<ClickHouseClient> NewDatabaseAsync()
    {
        string name = "t" + Guid.NewGuid().ToString("N");
        await Client().ExecuteAsync($"CREATE DATABASE {name}", null, TestContext.Current.CancellationToken);
        return Client(name);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _engine!.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }
}
