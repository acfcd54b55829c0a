using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.TestKit;

/// <summary>An OpenAI-compatible endpoint on a real port that answers as a test says: slow, failing, limited, malformed or hostile.</summary>
public sealed class JudgeServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<JudgeServerRequest> _requests = new();
    private readonly WebApplication _app;
    private int _underWay;
    private int _mostUnderWay;

    private JudgeServer(WebApplication app)
    {
        _app = app;
    }

    /// <summary>What it answers; a score of 4 unless a test says otherwise.</summary>
    public Func<JudgeServerRequest, JudgeServerReply> Script { get; set; } = _ => JudgeServerReply.OfScore(4);

    /// <summary>Base URL.</summary>
    public string Url => _app.Urls.Single() + "/v1";

    /// <summary>Everything that arrived, in its order.</summary>
    public IReadOnlyList<JudgeServerRequest> Requests => [.. _requests];

    /// <summary>Most requests that were under way at once.</summary>
    public int MostUnderWay => _mostUnderWay;

    /// <summary>US dollars that it would have charged by its own count, for the tokens of every answer that it sent or was about to send.</summary>
    public decimal Charged(decimal inputUsdPerMillion, decimal outputUsdPerMillion) =>
        _requests.Where(r => r.Reply is { Status: 200 }).Sum(r => (r.Reply!.InputTokens * inputUsdPerMillion + r.Reply.OutputTokens * outputUsdPerMillion) / 1_000_000);

    public static async Task<JudgeServer> StartAsync(string address = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        WebApplication app = builder.Build();
        var server = new JudgeServer(app);
        app.MapPost("/v1/chat/completions", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        int underWay = Interlocked.Increment(ref _underWay);
        InterlockedMax(ref _mostUnderWay, underWay);
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var request = new JudgeServerRequest(
                body.RootElement.Clone(), context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), TimeProvider.System.GetUtcNow());
            JudgeServerReply reply = Script(request);
            request.Reply = reply;
            _requests.Enqueue(request);
            await WriteAsync(context, reply);
        }
        catch (OperationCanceledException)
        {
            // The client gave up.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task WriteAsync(HttpContext context, JudgeServerReply reply)
    {
        if (reply.Gate is { } gate)
        {
            await gate.WaitAsync(context.RequestAborted);
        }

        if (reply.Breaks)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        foreach ((string name, string value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(reply.Body ?? Completion(reply), context.RequestAborted);
    }

    /// <summary>The model that answers.</summary>
    public string ModelAnswered { get; set; } = "judge-model-2026";

    private string Completion(JudgeServerReply reply) => JsonSerializer.Serialize<object>(reply.Status != 200
        ? new { error = new { message = "scripted", type = "scripted", code = reply.Status } }
        : new
        {
            id = "chatcmpl-1",
            @object = "chat.completion",
            created = 1790000000,
            model = ModelAnswered,
            choices = new[] { new { index = 0, message = new { role = "assistant", content = reply.Refusal is null ? reply.Content : null, refusal = reply.Refusal }, finish_reason = reply.FinishReason } },
            usage = reply.HasUsage ? new { prompt_tokens = reply.InputTokens, completion_tokens = reply.OutputTokens, total_tokens = reply.InputTokens + reply.OutputTokens } : null,
        });

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
