using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace Telemetry.Quality.Evaluate;

/// <summary>How the endpoint that is evaluated is asked.</summary>
public sealed record EvalEndpointOptions
{
    /// <summary>Base URL, for example https://api.openai.com/v1.</summary>
    public required Uri Url { get; init; }

    /// <summary>Model, as the endpoint calls it.</summary>
    public required string Model { get; init; }

    /// <summary>API key; a stand-in for endpoints that ask for none.</summary>
    public string ApiKey { get; init; } = "none";

    /// <summary>Temperature; not sent when null.</summary>
    public double? Temperature { get; init; }

    /// <summary>Longest time for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a request is sent at most when the endpoint fails or is too busy.</summary>
    public int MaxTries { get; init; } = 4;
}

/// <summary>Asks the endpoint that is evaluated, by OpenAI's chat completions. A failure is an answer with an error.</summary>
public sealed class EvalEndpoint : IDisposable
{
    private const int LongestError = 300;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly EvalEndpointOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ChatClient _client;

    /// <summary>Creates it; nothing is sent yet.</summary>
    public EvalEndpoint(EvalEndpointOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _client = new ChatClient(options.Model, new ApiKeyCredential(options.ApiKey), new OpenAIClientOptions
        {
            Endpoint = options.Url,
            UserAgentApplicationId = "telemetry-eval",
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>Asks, again where that may help.</summary>
    /// <param name="messages">Messages, a JSON array.</param>
    /// <param name="tools">Tools, a JSON array; undefined for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<EvalAnswer> AskAsync(JsonElement messages, JsonElement tools, CancellationToken cancellation)
    {
        BinaryData body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(Body(messages, tools)));
        TimeSpan wait = FirstWait;
        for (int tried = 1; ; tried++)
        {
            (EvalAnswer answer, bool mayHelp, TimeSpan? retryAfter) = await AskOnceAsync(body, cancellation);
            if (!mayHelp || tried >= _options.MaxTries)
            {
                return answer;
            }

            await Task.Delay(retryAfter is { } told && told < LongestWait ? told : wait, _time, cancellation);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private Dictionary<string, object> Body(JsonElement messages, JsonElement tools)
    {
        var body = new Dictionary<string, object> { ["model"] = _options.Model, ["messages"] = messages };
        if (tools.ValueKind == JsonValueKind.Array)
        {
            body["tools"] = tools;
        }

        if (_options.Temperature is { } temperature)
        {
            body["temperature"] = temperature;
        }

        return body;
    }

    private async Task<(EvalAnswer Answer, bool MayHelp, TimeSpan? RetryAfter)> AskOnceAsync(BinaryData body, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout);
        long started = Stopwatch.GetTimestamp();
        try
        {
            ClientResult result = await _client.CompleteChatAsync(BinaryContent.Create(body), new RequestOptions { CancellationToken = limit.Token });
            return (Read(result.GetRawResponse().Content, Stopwatch.GetElapsedTime(started)), false, null);
        }
        catch (ClientResultException e)
        {
            bool mayHelp = e.Status is 0 or 408 or 409 or 425 or 429 or >= 500;
            TimeSpan? told = e.GetRawResponse()?.Headers.TryGetValue("Retry-After", out string? text) == true && int.TryParse(text, out int seconds) && seconds >= 0 ? TimeSpan.FromSeconds(seconds) : null;
            return (new EvalAnswer { Error = Cut($"HTTP {e.Status}: {e.GetRawResponse()?.Content?.ToString() ?? e.Message}") }, mayHelp, told);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new EvalAnswer { Error = $"no answer within {_options.Timeout}" }, true, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return (new EvalAnswer { Error = Cut(e.Message) }, e is HttpRequestException or IOException, null);
        }
    }

    private static EvalAnswer Read(BinaryData content, TimeSpan latency)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        JsonElement choice = document.RootElement.GetProperty("choices")[0];
        JsonElement message = choice.GetProperty("message");
        JsonElement usage = document.RootElement.TryGetProperty("usage", out JsonElement u) && u.ValueKind == JsonValueKind.Object ? u : default;
        return new EvalAnswer
        {
            Text = message.TryGetProperty("content", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "",
            Tools = message.TryGetProperty("tool_calls", out JsonElement calls) && calls.ValueKind == JsonValueKind.Array
                ? [.. calls.EnumerateArray().Select(c => c.TryGetProperty("function", out JsonElement f) && f.TryGetProperty("name", out JsonElement n) ? n.GetString() ?? "" : "")]
                : [],
            FinishReason = choice.TryGetProperty("finish_reason", out JsonElement reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "",
            IsRefused = message.TryGetProperty("refusal", out JsonElement refusal) && refusal.ValueKind == JsonValueKind.String && refusal.GetString()!.Length > 0,
            InputTokens = Tokens(usage, "prompt_tokens"),
            OutputTokens = Tokens(usage, "completion_tokens"),
            Latency = latency,
        };
    }

    private static long? Tokens(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out JsonElement value) && value.TryGetInt64(out long tokens) ? tokens : null;

    private static string Cut(string text) => text.Length <= LongestError ? text : text[..LongestError];
}
