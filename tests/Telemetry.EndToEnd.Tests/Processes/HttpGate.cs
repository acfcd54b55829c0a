using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>Stands between a Processor and ClickHouse, and holds the first request that contains a text until it is let through.</summary>
internal sealed class HttpGate : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri _target;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _text;

    private HttpGate(Uri target)
    {
        _target = target;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 1 << 20;
            kestrel.Limits.MaxRequestBufferSize = 2 << 20;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _web = builder.Build();
        _web.Run(PassAsync);
    }

    public Uri Url => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Done when a request is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Done when ClickHouse has answered the request that was held.</summary>
    public Task Answered => _answered.Task;

    public static async Task<HttpGate> StartAsync(Uri target, CancellationToken cancellation)
    {
        var gate = new HttpGate(target);
        await gate._web.StartAsync(cancellation);
        return gate;
    }

    /// <summary>Holds the next request that contains the text.</summary>
    public void Hold(string text) => _text = text;

    /// <summary>Lets the held request through.</summary>
    public void Open() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Open();
        await _web.StopAsync();
        await _web.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string pathAndQuery = context.Request.Path + context.Request.QueryString;
        bool isHeld = _text is { } text && (Uri.UnescapeDataString(pathAndQuery).Replace('+', ' ') + Encoding.Latin1.GetString(body.ToArray())).Contains(text, StringComparison.Ordinal);
        if (isHeld)
        {
            _text = null;
            _held.TrySetResult();
            await _open.Task;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target, pathAndQuery)) { Content = new ByteArrayContent(body.ToArray()) };
        foreach ((string name, StringValues values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Content-Length" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using HttpResponseMessage answer = await _http.SendAsync(request);
        byte[] content = await answer.Content.ReadAsByteArrayAsync();
        if (isHeld)
        {
            _answered.TrySetResult();
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length" or "Connection")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.Body.WriteAsync(content);
    }
}
