using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Embedded.Backup;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>ClickHouse's HTTP interface over the embedded engine. Source of its shape: https://clickhouse.com/docs/interfaces/http.</summary>
internal sealed class HttpFront(EngineHost host, EmbeddedClickHouseOptions options, BackupSender backups, ILogger logger) : IDisposable
{
    private const int PlacesForPipeline = 2;

    private readonly FrontUsers _users = new(options);
    private readonly SemaphoreSlim _readers = new(Math.Clamp(options.ReadOnlyMaxConcurrentQueries, 1, Math.Max(1, options.MaxConcurrentQueries - PlacesForPipeline)));
    private readonly SettingsPolicy _settings = new(options, host.Settings);
    private readonly StatementRunner _runner = new(host);

    public void Dispose() => _readers.Dispose();

    internal async Task HandleAsync(HttpContext context)
    {
        HttpRequest http = context.Request;
        context.Response.Headers["X-ClickHouse-Server-Display-Name"] = "telemetry-embedded";
        context.Response.Headers["X-ClickHouse-Timezone"] = "UTC";
        if (HttpMethods.IsGet(http.Method) || HttpMethods.IsHead(http.Method))
        {
            if (http.Path == "/ping" || http.Path == "/replicas_status" || (http.Path == "/" && !http.Query.ContainsKey("query")))
            {
                await WriteTextAsync(context, StatusCodes.Status200OK, "Ok.\n");
                return;
            }
        }
        else if (!HttpMethods.IsPost(http.Method))
        {
            await WriteTextAsync(context, StatusCodes.Status501NotImplemented, "Only GET and POST are supported.\n");
            return;
        }

        if (http.Path != "/" && !IsBackup(http))
        {
            await WriteTextAsync(context, StatusCodes.Status404NotFound, $"There is no handle {http.Path}\n\nUse / or /ping for health checks.\n");
            return;
        }

        await RunAsync(context);
    }

    private async Task RunAsync(HttpContext context)
    {
        FrontRequest request = FrontRequest.Empty;
        ResponseOutput? output = null;
        bool broken = false;
        try
        {
            CheckOrigin(context.Request);
            FrontUser user = _users.Authenticate(context.Request);
            request = FrontRequest.Parse(context.Request);
            output = new ResponseOutput(context, request, host.Version);
            await (IsBackup(context.Request) ? SendBackupAsync(context, request, user) : RunStatementAsync(context, request, user, output));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("A client went away before its statement had ended");
        }
#pragma warning disable CA1031 // Whatever a request ends in is answered as ClickHouse answers errors.
        catch (Exception e)
#pragma warning restore CA1031
        {
            output ??= new ResponseOutput(context, request, host.Version);
            broken = await output.FailAsync(ErrorOf(e));
        }
        finally
        {
            await (output?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        if (broken)
        {
            // An exception here makes Kestrel close the connection in order, with all that was written but without the end of the body.
            // Aborting it would discard what the client has not read yet, and with it the error.
            throw new IOException("The statement failed after a part of its result was sent.");
        }
    }

    private EngineException ErrorOf(Exception e)
    {
        switch (e)
        {
            case EngineException engine:
                return engine;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return EngineException.Create(307, "TOO_MANY_BYTES", $"The body has more than {options.MaxBodyBytes} bytes (MaxBodyBytes)");
            case BadHttpRequestException:
                return EngineException.Create(3, "UNEXPECTED_END_OF_FILE", e.Message);
            default:
                logger.LogError(e, "A request to the embedded ClickHouse failed unexpectedly");
                return EngineException.Create(1001, "STD_EXCEPTION", $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task RunStatementAsync(HttpContext context, FrontRequest request, FrontUser user, ResponseOutput output)
    {
        var mark = Guid.NewGuid();
        context.Response.Headers["X-ClickHouse-Query-Id"] = request.QueryId.Length > 0 ? HeaderSafe(request.QueryId) : mark.ToString("D");
        bool isGet = !HttpMethods.IsPost(context.Request.Method);
        if (!user.ReadOnly)
        {
            await RunStatementAsync(context, request, user, output, mark, isGet);
        }
        else if (await _readers.WaitAsync(options.QueueTimeout, context.RequestAborted))
        {
            try
            {
                await RunStatementAsync(context, request, user, output, mark, isGet);
            }
            finally
            {
                _readers.Release();
            }
        }
        else
        {
            throw EngineException.Create(202, "TOO_MANY_SIMULTANEOUS_QUERIES", $"Too many queries of {options.ReadOnlyUser} are running already (ReadOnlyMaxConcurrentQueries, MaxConcurrentQueries)");
        }
    }

    private async Task RunStatementAsync(HttpContext context, FrontRequest request, FrontUser user, ResponseOutput output, Guid mark, bool isGet)
    {
        await using RequestBody body = RequestBody.Open(context.Request, request.Decompress, options.MaxBodyBytes);
        QueryText text = await QueryText.ReadAsync(request, body, options.MaxQueryBytes, context.RequestAborted);
        string set = _settings.Statement(user, isGet, request.Settings, StatementRunner.NeedsWhole(text.Statement, request), mark);
        // A client that went away frees its place: the engine is told to end the statement.
        await using CancellationTokenRegistration kill = context.RequestAborted.Register(() => _ = KillAsync(mark));
        await _runner.RunAsync(new FrontStatement(request, text, user, isGet, set, options, body, output), context.RequestAborted);
    }

    private static bool IsBackup(HttpRequest request) => request.Path == BackupSender.Path && HttpMethods.IsPost(request.Method);

    private Task SendBackupAsync(HttpContext context, FrontRequest request, FrontUser user) => user.ReadOnly
        ? throw EngineException.Create(164, "READONLY", $"A backup is for the user {options.User} alone")
        : backups.SendAsync(context, request.Database);

    private async Task KillAsync(Guid mark)
    {
        try
        {
            await host.KillAsync(mark);
        }
        catch (Exception e) when (e is EngineException or InvalidOperationException)
        {
            logger.LogDebug(e, "The statement of a client that went away could not be ended");
        }
    }

    /// <summary>
    /// A web page of any site can send simple requests to a port of this machine, and with them the rights of a user without a password.
    /// Browsers name the page's origin; programs send none.
    /// </summary>
    private void CheckOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !options.AllowedOrigins.Contains(origin))
        {
            throw EngineException.Create(497, "ACCESS_DENIED", $"Requests of web pages from {HeaderSafe(origin)} are not allowed (AllowedOrigins)");
        }
    }

    private static string HeaderSafe(string value) => new([.. value.Take(200).Select(c => c is > ' ' and < (char)127 ? c : '_')]);

    private static async Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=UTF-8";
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = utf8.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(utf8, context.RequestAborted);
        }
    }
}
