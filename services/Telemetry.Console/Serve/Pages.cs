using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Console.Serve;

/// <summary>The pages of the console: one shell for every address, and the files that it loads, all from here.</summary>
internal sealed class Pages(ConsoleOptions options, Func<Uri?> otlp)
{
    /// <summary>Addresses of pages; the list of <c>Pages/pages.js</c>.</summary>
    public static readonly IReadOnlyList<string> Addresses =
        ["/", "/models", "/cost", "/calls", "/quality", "/prompts", "/alerts", "/anomalies", "/review", "/pipeline", "/sql", "/traces/{trace}"];

    private readonly PageFiles _files = PageFiles.Load();

    /// <summary>Maps the pages and their files.</summary>
    /// <param name="app">Where.</param>
    /// <param name="guard">What every request passes first.</param>
    public void Map(WebApplication app, Func<RequestDelegate, RequestDelegate> guard)
    {
        RequestDelegate shell = guard(context => SendAsync(context, _files.Index, StatusCodes.Status200OK, "no-cache"));
        foreach (string address in Addresses)
        {
            app.MapMethods(address, ["GET", "HEAD"], shell).ExcludeFromDescription();
        }

        app.MapGet("/assets/{version}/{**path}", guard(AssetAsync)).ExcludeFromDescription();
        app.MapGet("/console.json", guard(SettingsAsync)).ExcludeFromDescription();
        app.MapFallback(guard(context => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? SendAsync(context, _files.Index, StatusCodes.Status404NotFound, "no-store")
            : NotFoundAsync(context)));
    }

    private Task AssetAsync(HttpContext context)
    {
        string? version = context.Request.RouteValues["version"] as string;
        PageFile? file = _files.Find(context.Request.RouteValues["path"] as string ?? "");
        // A page of an older version that asks for its files gets none rather than newer ones that do not fit.
        return file is null || version != _files.Version ? NotFoundAsync(context) : SendAsync(context, file, StatusCodes.Status200OK, "public, max-age=31536000, immutable");
    }

    private Task SettingsAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new Dictionary<string, object?>
            {
                ["otlp_grpc_port"] = otlp()?.Port,
                ["show_content"] = options.ShowContent,
                ["allow_writes"] = options.AllowWrites,
                ["allow_sql"] = options.AllowSql,
            },
            (JsonSerializerOptions?)null, context.RequestAborted);
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync($"There is no {context.Request.Path}\n", context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, PageFile file, int status, string cache)
    {
        HttpResponse response = context.Response;
        bool compressed = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase);
        byte[] body = compressed ? file.Brotli : file.Content;
        response.StatusCode = status;
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = cache;
        response.Headers.Vary = "Accept-Encoding";
        if (compressed)
        {
            response.Headers.ContentEncoding = "br";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
