using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Hosting.Health;

[assembly: AssemblyFixture(typeof(Telemetry.Console.Tests.ConsoleFixture))]

namespace Telemetry.Console.Tests;

/// <summary>The console over the real engine with the real schema and fifteen days of calls, on a free port.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    // Machines that run tests are busy; what is tested is no time.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-console-" + Guid.NewGuid().ToString("N"));
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<IDisposable> _consoles = [];
    private EmbeddedClickHouse? _engine;
    private Uri? _url;

    public HttpClient Http { get; } = ClickHouseClient.CreateHttpClient();

    public Uri Url => _url!;

    public static string RepositoryRoot { get; } = typeof(ConsoleFixture).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        _engine = new EmbeddedClickHouse(new EmbeddedClickHouseOptions { Path = _path, Port = 0 }, NullLoggerFactory.Instance, TimeProvider.System);
        await _engine.StartAsync(cancellation);
        await new MigrationRunner(Writer, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
        foreach (string file in (string[])["demo.sql", "conversation.sql", "hostile.sql"])
        {
            using var reader = new StreamReader(typeof(ConsoleFixture).Assembly.GetManifestResourceStream(file)!);
            foreach (string statement in (await reader.ReadToEndAsync(cancellation)).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                await Writer.ExecuteAsync(statement, null, cancellation);
            }
        }

        _url = await StartAsync(Patient());
    }

    /// <summary>A client that may do everything.</summary>
    public ClickHouseClient Writer => new(Http, new ClickHouseOptions { Url = _engine!.Url, Timeout = s_patience });

    /// <summary>The client that the console asks with.</summary>
    public ClickHouseClient Reader => new(Http, new ClickHouseOptions { Url = _engine!.Url, User = "reader", Timeout = s_patience });

    /// <summary>Options with time for busy machines.</summary>
    public static ConsoleOptions Patient()
    {
        var options = new ConsoleOptions();
        options.Query.MaxExecutionTime = s_patience;
        options.Query.QueueTimeout = TimeSpan.FromMinutes(1);
        return options;
    }

    /// <summary>Another console over the same data.</summary>
    public async Task<Uri> StartAsync(ConsoleOptions options, bool asReader = true)
    {
        var operations = new OperationsOptions { Port = 0 };
        var console = new ConsoleWeb(options, operations, asReader ? Reader : Writer, Writer, NullLoggerFactory.Instance, TimeProvider.System);
        var server = new OperationsServer(operations, [], NullLoggerFactory.Instance, console);
        await server.StartAsync(TestContext.Current.CancellationToken);
        _servers.Add(server);
        _consoles.Add(console);
        return server.Url;
    }

    /// <summary>Asks the API; the answer must be 200.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        (int status, JsonElement body) = await TryGetAsync(path);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return body;
    }

    /// <summary>Asks the API.</summary>
    public async Task<(int Status, JsonElement Body)> TryGetAsync(string path, Uri? console = null)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(console ?? Url, "/api/v1" + path), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await ReadAsync(response));
    }

    /// <summary>Sends JSON.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body, Uri? console = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(console ?? Url, "/api/v1" + path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await ReadAsync(response));
    }

    /// <summary>One value of ClickHouse, asked by a way of its own.</summary>
    public async Task<string> AskOneAsync(string sql)
    {
        ClickHouseResult result = await Writer.QueryAsync(sql, null, TestContext.Current.CancellationToken);
        return Convert.ToString(result.Rows[0].GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _servers)
        {
            await server.DisposeAsync();
        }

        _consoles.ForEach(c => c.Dispose());
        Http.Dispose();
        await _engine!.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}
