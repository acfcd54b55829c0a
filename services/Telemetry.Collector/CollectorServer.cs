using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Receive.Feedback;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Tls;
using Telemetry.Keys;
using Telemetry.SpanLog;

namespace Telemetry.Collector;

/// <summary>The Collector: OTLP/gRPC, OTLP/HTTP and feedback in, the span log out. Stateless; any number may run on one log.</summary>
public sealed class CollectorServer : IAsyncDisposable
{
    private const int MaxHeadersBytes = 32 << 10;
    private static readonly TimeSpan BodyRateGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ExportHandler _handler;
    private readonly IngestGate _gate;
    private readonly ServerTls? _tls;

    /// <summary>Builds the server on a log that is started before it; nothing listens yet.</summary>
    public CollectorServer(CollectorOptions options, ISpanLog log, ILoggerFactory loggers, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var budget = new InFlightBudget(options.Limits.MaxInFlightBytes, options.Limits.RetryAfter);
        _gate = new IngestGate(options, loggers, time ?? TimeProvider.System);
        _handler = new ExportHandler(options, log, budget);
        var endpoint = new OtlpEndpoint(options, _handler, budget);
        CollectorMetrics.ObserveInFlight(budget);
        var bodies = new HttpBodies(endpoint, loggers.CreateLogger<HttpBodies>());
        var http = new HttpReceiver(endpoint, bodies);
        var feedback = new FeedbackReceiver(endpoint, bodies, time ?? TimeProvider.System);
        var grpc = new GrpcReceiver(endpoint, loggers.CreateLogger<GrpcReceiver>());
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        _tls = ServerTls.Create("collector", options.Tls, loggers, time ?? TimeProvider.System);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, _tls));
        _app = builder.Build();
        _app.Run(context => HandleAsync(context, http, feedback, grpc));
    }

    /// <summary>Whether anybody who reaches the ports may send.</summary>
    public bool IsOpen => _gate.IsOpen;

    /// <summary>Tells on <c>/readyz</c> how many keys are taken; changed keys that are wrong do not make it unready, for the last good ones stay in use.</summary>
    public IReadinessCheck KeysCheck => new KeysReadiness(_gate);

    /// <summary>Why changed certificates were not taken; null when all is well.</summary>
    internal string? TlsProblem => _tls?.Problem;

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
        _gate.Dispose();
        _tls?.Dispose();
    }

    // Whatever is served here, also what comes later, is served behind the gate.
    private async Task HandleAsync(HttpContext context, HttpReceiver http, FeedbackReceiver feedback, GrpcReceiver grpc)
    {
        bool isGrpc = HttpProtocol.IsHttp2(context.Request.Protocol);
        bool isFeedback = !isGrpc && FeedbackReceiver.IsFor(context.Request);
        Admittance admittance = _gate.Admit(context.Request, isFeedback ? KeyScopes.Feedback : KeyScopes.Ingest);
        if (admittance.Tenant is not { } tenant)
        {
            await (isGrpc ? GrpcReceiver.RefuseAsync(context, admittance.Refusal)
                : isFeedback ? FeedbackReceiver.RefuseAsync(context, admittance.Refusal) : HttpReceiver.RefuseAsync(context, admittance.Refusal));
            return;
        }

        try
        {
            await (isGrpc ? grpc.HandleAsync(context, tenant) : isFeedback ? feedback.HandleAsync(context, tenant) : http.HandleAsync(context, tenant));
        }
        finally
        {
            tenant.Leave();
        }
    }

    private static void Configure(KestrelServerOptions kestrel, CollectorOptions options, ServerTls? tls)
    {
        kestrel.AddServerHeader = false;
        SetLimits(kestrel.Limits, options.Limits);
        var address = BindAddressAttribute.Parse(options.BindAddress);

        // OTLP/gRPC clients speak HTTP/2 without negotiation; the protocol tells the two endpoints apart.
        kestrel.Listen(address, options.Grpc.Port, listen => Listen(listen, HttpProtocols.Http2, tls));
        kestrel.Listen(address, options.Http.Port, listen => Listen(listen, HttpProtocols.Http1, tls));
    }

    private static void Listen(ListenOptions listen, HttpProtocols protocols, ServerTls? tls)
    {
        listen.Protocols = protocols;
        tls?.Use(listen);
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
