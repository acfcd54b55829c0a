using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Hosting.Health;

/// <summary>Serves <c>/healthz</c> and <c>/readyz</c> of one process.</summary>
public sealed class OperationsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <summary>Builds the server; nothing listens yet.</summary>
    public OperationsServer(OperationsOptions options, IReadOnlyList<IReadinessCheck> checks, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
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
    }

    /// <summary>The bound address, known after <see cref="StartAsync"/>.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts listening.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
