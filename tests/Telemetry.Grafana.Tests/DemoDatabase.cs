using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;

[assembly: AssemblyFixture(typeof(Telemetry.Grafana.Tests.DemoDatabase))]

namespace Telemetry.Grafana.Tests;

/// <summary>The real engine with the real schema, filled with <c>Data/demo.sql</c> through the tables, so that rollups fill as they do in production.</summary>
public sealed class DemoDatabase : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-grafana-" + Guid.NewGuid().ToString("N"));
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private EmbeddedClickHouse? _engine;

    public static string RepositoryRoot { get; } = typeof(DemoDatabase).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>When the data was made; its newest call is half a minute older.</summary>
    public DateTimeOffset Now { get; private set; }

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        _engine = new EmbeddedClickHouse(new EmbeddedClickHouseOptions { Path = _path, Port = 0 }, NullLoggerFactory.Instance, TimeProvider.System);
        await _engine.StartAsync(cancellation);
        var client = new ClickHouseClient(_http, new ClickHouseOptions { Url = _engine.Url, Database = "telemetry" });
        await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
        foreach (string statement in Statements())
        {
            await client.ExecuteAsync(statement, null, cancellation);
        }

        Now = TimeProvider.System.GetUtcNow();
    }

    /// <summary>Asks as the only user, in the database of the schema.</summary>
    public Task<Answer> AskAsync(string sql, params (string Name, string Value)[] parameters) => Answer.ReadAsync(_http, _engine!.Url, sql, parameters, TestContext.Current.CancellationToken);

    /// <summary>One value.</summary>
    public async Task<string> AskOneAsync(string sql) => (await AskAsync(sql)).Rows[0][0].ToString();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _engine!.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }

    private static string[] Statements()
    {
        using var reader = new StreamReader(typeof(DemoDatabase).Assembly.GetManifestResourceStream("demo.sql")!);
        return reader.ReadToEnd().Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
