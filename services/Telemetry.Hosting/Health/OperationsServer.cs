using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Health;

/// <summary>Serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> of one process.</summary>
public sealed partial class OperationsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ILogger _logger;
    private readonly PrometheusPage _metrics = new(TelemetryMeter.Name, "System.Runtime");

    /// <summary>Builds the server; nothing listens yet.</summary>
    public OperationsServer(OperationsOptions options, IReadOnlyList<IReadinessCheck> checks, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _logger = loggers.CreateLogger<OperationsServer>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(BindAddressAttribute.Parse(options.BindAddress), options.Port);
        });
        _app = builder.Build();
        _app.UseRouting();
        _app.MapHealth(checks);
        _app.MapMetrics(_metrics);
    }

    /// <summary>The bound address, known after <see cref="StartAsync"/>.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts listening, and says where: the endpoints tell what a start waits for.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        LogListening(Url);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _metrics.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "health checks at {Url}")]
    private partial void LogListening(Uri url);
}
