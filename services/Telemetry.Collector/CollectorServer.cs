using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Receive.Feedback;
using Telemetry.Hosting.Configuration;
using Telemetry.SpanLog;

namespace Telemetry.Collector;

/// <summary>The Collector: OTLP/gRPC, OTLP/HTTP and feedback in, the span log out. Stateless; any number may run on one log.</summary>
public sealed class CollectorServer : IAsyncDisposable
{
    private const int MaxHeadersBytes = 32 << 10;
    private static readonly TimeSpan BodyRateGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ExportHandler _handler;

    /// <summary>Builds the server on a log that is started before it; nothing listens yet.</summary>
    public CollectorServer(CollectorOptions options, ISpanLog log, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var budget = new InFlightBudget(options.Limits.MaxInFlightBytes, options.Limits.RetryAfter);
        _handler = new ExportHandler(options, log, budget);
        var endpoint = new OtlpEndpoint(options, _handler, budget);
        CollectorMetrics.ObserveInFlight(budget);
        var bodies = new HttpBodies(endpoint, loggers.CreateLogger<HttpBodies>());
        var http = new HttpReceiver(endpoint, bodies);
        var feedback = new FeedbackReceiver(endpoint, bodies, time);
        var grpc = new GrpcReceiver(endpoint, loggers.CreateLogger<GrpcReceiver>());
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        _app = builder.Build();
        _app.Run(context => HttpProtocol.IsHttp2(context.Request.Protocol) ? grpc.HandleAsync(context)
            : FeedbackReceiver.IsFor(context.Request) ? feedback.HandleAsync(context) : http.HandleAsync(context));
    }

    /// <summary>The bound OTLP/gRPC endpoint, known after the start.</summary>
    public Uri GrpcUrl => Address(0);

    /// <summary>The bound OTLP/HTTP endpoint, known after the start.</summary>
    public Uri HttpUrl => Address(1);

    /// <summary>Starts listening.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>Stops accepting and waits for the requests being worked on, until the token fires.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _handler.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, CollectorOptions options)
    {
        kestrel.AddServerHeader = false;
        SetLimits(kestrel.Limits, options.Limits);
        var address = BindAddressAttribute.Parse(options.BindAddress);

        // OTLP/gRPC clients speak HTTP/2 without negotiation; the protocol tells the two endpoints apart.
        kestrel.Listen(address, options.Grpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(address, options.Http.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    // What one client may hold, and for how long. HTTP/2 resets in quick succession are ended by Kestrel itself, with ENHANCE_YOUR_CALM.
    private static void SetLimits(KestrelServerLimits kestrel, CollectorLimits limits)
    {
        // RequestBody has the limit. Kestrel would break off the connection before the client has read why, and the client would send the same again.
        kestrel.MaxRequestBodySize = null;
        kestrel.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.MaxRequestHeadersTotalSize = MaxHeadersBytes;
        kestrel.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.KeepAliveTimeout = limits.IdleTimeout;
        kestrel.MinRequestBodyDataRate = limits.MinBodyBytesPerSecond > 0 ? new MinDataRate(limits.MinBodyBytesPerSecond, BodyRateGrace) : null;
        kestrel.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Http2.KeepAlivePingDelay = limits.PingDelay;
        kestrel.Http2.KeepAlivePingTimeout = limits.PingTimeout;
    }

    private Uri Address(int index)
    {
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index);
        return new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }
}
