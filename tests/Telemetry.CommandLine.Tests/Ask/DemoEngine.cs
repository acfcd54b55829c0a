using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;

namespace Telemetry.CommandLine.Tests.Ask;

/// <summary>The real engine with fifteen days of calls, and the command line against it.</summary>
public sealed class DemoEngine : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-command-line-" + Guid.NewGuid().ToString("N"));
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private EmbeddedClickHouse? _engine;

    public ClickHouseClient Client => new(_http, new ClickHouseOptions { Url = _engine!.Url, Timeout = TimeSpan.FromMinutes(5) });

    public string Address => _engine!.Url.ToString();

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        _engine = new EmbeddedClickHouse(new EmbeddedClickHouseOptions { Path = _path, Port = 0 }, NullLoggerFactory.Instance, TimeProvider.System);
        await _engine.StartAsync(cancellation);
        await new MigrationRunner(Client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
        using var reader = new StreamReader(typeof(DemoEngine).Assembly.GetManifestResourceStream("demo.sql")!);
        foreach (string statement in (await reader.ReadToEndAsync(cancellation)).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await Client.ExecuteAsync(statement, null, cancellation);
        }
    }

    /// <summary>Runs a command against the engine, by the real clock.</summary>
    internal async Task<CommandRun> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLineApp.RunAsync([.. args, "--clickhouse", Address, "--user", "reader"], output, error, TimeProvider.System);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Begins a command that goes on until it is cancelled.</summary>
    internal Task<int> BeginAsync(TextWriter output, CancellationToken cancellation, params string[] args) =>
        CommandLineApp.Create(TimeProvider.System).Parse([.. args, "--clickhouse", Address, "--user", "reader"]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output, ProcessTerminationTimeout = null }, cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _engine!.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }
}
