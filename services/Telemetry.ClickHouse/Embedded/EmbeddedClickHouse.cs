using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Embedded.Backup;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.Embedded.Http;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Tls;

namespace Telemetry.ClickHouse.Embedded;

/// <summary>
/// ClickHouse inside this process, reachable over ClickHouse's own HTTP interface. There is one for a process, and one process for a data
/// directory. Disposing waits for running statements, then closes the engine.
/// </summary>
/// <param name="options">Validated options.</param>
/// <param name="loggers">Where to log.</param>
/// <param name="time">Clock.</param>
public sealed class EmbeddedClickHouse(EmbeddedClickHouseOptions options, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<EmbeddedClickHouse>();
    private EngineHost? _host;
    private BackupSender? _backups;
    private HttpFront? _front;
    private WebApplication? _web;
    private ServerTls? _tls;
    private Uri? _url;
    private Uri? _localUrl;

    /// <summary>Parts of the process that belong into a backup of the engine.</summary>
    public IReadOnlyList<IBackupCompanion> BackupCompanions { get; init; } = [];

    /// <summary>Where it listens; the port is the real one also when the configured one is 0.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public Uri Url => _url ?? throw new InvalidOperationException("The embedded ClickHouse has not started.");

    /// <summary>Where the parts of this process reach it: the same, or with TLS a port on loopback without.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public Uri LocalUrl => _localUrl ?? throw new InvalidOperationException("The embedded ClickHouse has not started.");

    /// <summary>Null when statements are answered; otherwise why not.</summary>
    public string? NotReadyReason => _url is not null ? null : _host is null ? "the engine is not open" : "the HTTP interface does not listen yet";

    /// <summary>Opens the engine and listens.</summary>
    /// <exception cref="FileNotFoundException">The engine library is missing; the message says how to install it.</exception>
    /// <exception cref="InvalidOperationException">The data directory cannot be opened, or there is an engine in this process already.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        // Opening loads all tables: off the caller's thread.
        _host = await Task.Factory.StartNew(() => EngineHost.Open(options), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        EngineMetrics.Observe(_host);
        if (_host.RepairedLines > 0)
        {
            _logger.LogWarning("Killed while it inserted: {Lines} lines of deduplication logs told of parts that are not there and were taken out", _host.RepairedLines);
        }

        try
        {
            _backups = new BackupSender(_host, BackupCompanions, _logger, time);
            _tls = ServerTls.Create("clickhouse", options.Tls, loggers, time);
            _front = new HttpFront(_host, options, _backups, _logger);
            _web = BuildWeb(_front);
            await _web.StartAsync(cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        ICollection<string> addresses = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        _url = new Uri(addresses.First());
        _localUrl = new Uri(addresses.Last());
        _logger.LogInformation(
            "Embedded ClickHouse {Version} answers on {Url} with data in {Path}, opened in {Milliseconds:0} ms",
            _host.Version, _url, Path.GetFullPath(options.Path), time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _url = null;
        if (Interlocked.Exchange(ref _web, null) is { } web)
        {
            await web.StopAsync();
            await web.DisposeAsync();
        }

        _front?.Dispose();
        _tls?.Dispose();
        _backups?.Dispose();
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            EngineMetrics.Forget(host);
            await host.DisposeAsync();
        }
    }

    private WebApplication BuildWeb(HttpFront front)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The front logs for itself; Kestrel would write a stack trace for every answer that is broken off on purpose.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            // ClickHouse allows URLs of 1 MiB; bound values travel there.
            kestrel.Limits.MaxRequestLineSize = 1 << 20;
            kestrel.Limits.MaxRequestBufferSize = (1 << 20) + (64 << 10);
            kestrel.Limits.MaxConcurrentConnections = 1024;
            kestrel.Listen(BindAddressAttribute.Parse(options.BindAddress), options.Port, listen => Listen(listen, _tls));
            if (_tls is not null)
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => Listen(listen, null));
            }
        });
        WebApplication web = builder.Build();
        web.Run(front.HandleAsync);
        return web;
    }

    private static void Listen(ListenOptions listen, ServerTls? tls)
    {
        listen.Protocols = HttpProtocols.Http1;
        tls?.Use(listen);
    }
}
