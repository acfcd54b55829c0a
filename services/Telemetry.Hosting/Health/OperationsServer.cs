using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Health;

/// <summary>Serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> of one process, and what other parts put on the same port.</summary>
public sealed partial class OperationsServer : IAsyncDisposable
{
    private const int MostConnections = 2000;
    private const int MaxBodyBytes = 1 << 20;

    private readonly WebApplication _app;
    private readonly ILogger _logger;
    private readonly PrometheusPage _metrics = new(TelemetryMeter.Name, "System.Runtime");

    /// <summary>Builds the server; nothing listens yet.</summary>
    /// <param name="options">Where it listens.</param>
    /// <param name="checks">What <c>/readyz</c> asks.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="parts">What else is on the port.</param>
    public OperationsServer(OperationsOptions options, IReadOnlyList<IReadinessCheck> checks, ILoggerFactory loggers, params IReadOnlyList<IWebPart> parts)
    {
        ArgumentNullException.ThrowIfNull(options);
        _logger = loggers.CreateLogger<OperationsServer>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        foreach (IWebPart part in parts)
        {
            part.AddServices(builder.Services);
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(BindAddressAttribute.Parse(options.BindAddress), options.Port);
        });
        _app = builder.Build();
        _app.UseRouting();
        _app.MapHealth(checks);
        _app.MapMetrics(_metrics, [.. parts.OfType<IMetricsPart>()]);
        foreach (IWebPart part in parts)
        {
            part.Map(_app);
        }
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
