using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Telemetry.Quality.Tests.Support;

/// <summary>An endpoint like OpenAI's on a free port that answers as told.</summary>
internal sealed class ScriptedEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _requests = new();

    private ScriptedEndpoint(WebApplication app) => _app = app;

    /// <summary>What to answer: status and body, by the request and how many came before.</summary>
    public Func<JsonElement, int, (int Status, object Body)> Answer { get; set; } = (request, _) => (200, Said("Paris"));

    public IReadOnlyList<JsonElement> Requests => [.. _requests];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");

    public static async Task<ScriptedEndpoint> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var endpoint = new ScriptedEndpoint(app);
        app.Run(endpoint.TakeAsync);
        await app.StartAsync();
        return endpoint;
    }

    public static object Said(string text, string finish = "stop", string? tool = null, string? refusal = null) => new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1,
        model = "m",
        choices = new[]
        {
            new
            {
                index = 0,
                finish_reason = finish,
                message = new { role = "assistant", content = text, refusal, tool_calls = tool is null ? null : new[] { new { id = "c", type = "function", function = new { name = tool, arguments = "{}" } } } },
            },
        },
        usage = new { prompt_tokens = 10, completion_tokens = 20, total_tokens = 30 },
    };

    public static string LastText(JsonElement request) => request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        JsonElement request = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        int before = _requests.Count;
        _requests.Enqueue(request);
        (int status, object body) = Answer(request, before);
        context.Response.StatusCode = status;
        if (status == 429)
        {
            context.Response.Headers.RetryAfter = "0";
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}
