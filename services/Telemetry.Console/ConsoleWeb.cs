using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;
using Telemetry.Console.Access;
using Telemetry.Console.Api;
using Telemetry.Console.Api.Routes;
using Telemetry.Console.OpenApi;
using Telemetry.Console.Prometheus;
using Telemetry.Console.Serve;
using Telemetry.Hosting.Health;
using Telemetry.Query.Ask;

namespace Telemetry.Console;

/// <summary>The console on the port of a process: pages for people, and its API under <c>/api/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
public sealed class ConsoleWeb : IWebPart, IMetricsPart, IDisposable
{
    private readonly ConsoleOptions _options;
    private readonly HostRules _hosts;
    private readonly QueryRunner _runner;
    private readonly ApiEndpoint _endpoint;
    private readonly GoldenSignals _signals;
    private readonly Pages _pages;

    /// <summary>Builds it; nothing is asked yet.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="operations">Where the port listens.</param>
    /// <param name="reader">Asks, as a user who should be read-only.</param>
    /// <param name="writer">Takes acknowledgements and silences; null when nobody may write.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="time">The clock.</param>
    public ConsoleWeb(ConsoleOptions options, OperationsOptions operations, ClickHouseClient reader, ClickHouseClient? writer, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operations);
        _options = options;
        _hosts = new HostRules(options.AllowedHosts, operations.BindAddress);
        _runner = new QueryRunner(reader, options.Query);
        Access = new ConfiguredAccess(options);
        _signals = new GoldenSignals(options.GoldenSignals, reader, loggers.CreateLogger<GoldenSignals>(), time);
        _endpoint = new ApiEndpoint(_runner, Access, time, loggers.CreateLogger<ApiEndpoint>());
        _pages = new Pages(options, () => OtlpUrl);
        Routes =
        [
            .. FigureRoutes.All, .. CallRoutes.All(_runner), .. QualityRoutes.All, .. AlertRoutes.All(writer is null ? null : new PeopleStore(writer), time), .. PipelineRoutes.All,
            .. SqlRoutes.All(new ReadOnlyGuard(_runner), _runner, options.AllowSql),
        ];
    }

    /// <summary>Where applications send spans to, for pages that say so; null where the console does not know.</summary>
    public Uri? OtlpUrl { get; set; }

    /// <summary>Who may see what.</summary>
    internal IAccessPolicy Access { get; }

    /// <summary>The routes of the API.</summary>
    internal IReadOnlyList<ApiRoute> Routes { get; }

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        if (_options.Enabled)
        {
            ApiDescription.AddServices(services);
        }
    }

    /// <inheritdoc />
    public void Map(WebApplication app)
    {
        if (!_options.Enabled)
        {
            return;
        }

        foreach (ApiRoute route in Routes)
        {
            RequestDelegate handle = Guarded(context => _endpoint.HandleAsync(context, route));
            // As a method with a parameter it is part of the description; a bare request delegate would not be.
            IEndpointConventionBuilder endpoint = app.MapMethods(ApiRoute.Root + route.Path, [route.Method], (Delegate)((HttpContext context) => handle(context)));
            ApiDescription.Describe(endpoint, route);
        }

        app.Map(ApiRoute.Root + "/{**path}", Guarded(context => Problem.NotFound($"There is no {context.Request.Method} {context.Request.Path}; /openapi/v1.json lists what there is.").WriteAsync(context)))
            .ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
        _pages.Map(app, Guarded);
    }

    /// <inheritdoc />
    public Task<string> ReadMetricsAsync(CancellationToken cancellationToken) => _options.Enabled && _options.GoldenSignals.Enabled ? _signals.ReadAsync(cancellationToken) : Task.FromResult("");

    /// <inheritdoc />
    public void Dispose()
    {
        _runner.Dispose();
        _signals.Dispose();
    }

    private RequestDelegate Guarded(RequestDelegate next) => context =>
    {
        SecurityHeaders.Add(context.Response);
        return _hosts.Knows(context.Request)
            ? next(context)
            : new Problem(StatusCodes.Status421MisdirectedRequest, "unknown-host", "Unknown host", $"This machine is not called {context.Request.Host.Host} (Telemetry:Console:AllowedHosts)", []).WriteAsync(context);
    };
}
