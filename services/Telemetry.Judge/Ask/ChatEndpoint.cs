using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Telemetry.Hosting.Http;

namespace Telemetry.Judge.Ask;

/// <summary>Sends one request to the endpoint and tells what came of it; never throws for what the endpoint does.</summary>
internal sealed class ChatEndpoint : IDisposable
{
    private const int LongestDetail = 300;

    private readonly JudgeEndpointOptions _options;
    private readonly JudgePrices _prices;
    private readonly TimeProvider _time;
    private readonly string _key;
    private readonly HttpClient _http;
    private readonly ChatClient _client;

    public ChatEndpoint(JudgeEndpointOptions options, JudgePrices prices, TimeProvider time)
    {
        _options = options;
        _prices = prices;
        _time = time;
        _key = JudgeKey.Read(options);
        _http = new HttpClient(new BoundedAnswers(GuardedHttp.CreateHandler(options.AllowPrivate, "Telemetry:Judge:Endpoint:AllowPrivate=true would allow it"))) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new ChatClient(options.Model, new ApiKeyCredential(_key), new OpenAIClientOptions
        {
            Endpoint = new Uri(options.Url),
            UserAgentApplicationId = "telemetry-judge",
            Transport = new HttpClientPipelineTransport(_http),
            // Retries, limits of time and breaks are made around each request here.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
            EnableDistributedTracing = false,
        });
    }

    /// <summary>How long the endpoint takes nothing more, by the last answer; null when it takes more.</summary>
    public Action<TimeSpan>? OnExhausted { get; init; }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>Sends it once.</summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<JudgeExchange> SendAsync(JudgePrompt prompt, CancellationToken cancellation)
    {
        DateTimeOffset started = _time.GetUtcNow();
        long from = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        JudgeExchange exchange = new() { StartedAt = started, Duration = default };
        try
        {
            ClientResult<ChatCompletion> result = await _client.CompleteChatAsync(Messages(prompt), Options(prompt), limit.Token);
            exchange = Answered(exchange, result, prompt);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            exchange = exchange with { Error = JudgeErrors.Timeout, Detail = $"no answer within {_options.Timeout}" };
        }
        catch (ClientResultException e) when (!cancellation.IsCancellationRequested)
        {
            exchange = Refused(exchange, e, prompt);
        }
#pragma warning disable CA1031 // Whatever an endpoint answers must not end the service: it is told as a failure of that endpoint.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            exchange = exchange with { Error = e is HttpRequestException or IOException ? JudgeErrors.Unreachable : JudgeErrors.ServerError, Detail = Clean(e.Message) };
        }

        cancellation.ThrowIfCancellationRequested();
        return exchange with { Duration = _time.GetElapsedTime(from) };
    }

    private static List<ChatMessage> Messages(JudgePrompt prompt)
    {
        List<ChatMessage> messages = [new SystemChatMessage(prompt.System), new UserChatMessage(prompt.User)];
        if (prompt.Repair is { } repair)
        {
            messages.Add(new UserChatMessage(repair));
        }

        return messages;
    }

    private ChatCompletionOptions Options(JudgePrompt prompt) => new()
    {
        MaxOutputTokenCount = _options.MaxOutputTokens,
        Temperature = (float?)_options.Temperature,
        ResponseFormat = _options.AnswerFormat switch
        {
            JudgeAnswerFormat.JsonSchema => ChatResponseFormat.CreateJsonSchemaFormat("judgement", BinaryData.FromString(prompt.Schema), jsonSchemaIsStrict: true),
            JudgeAnswerFormat.JsonObject => ChatResponseFormat.CreateJsonObjectFormat(),
            _ => null,
        },
    };

    private JudgeExchange Answered(JudgeExchange exchange, ClientResult<ChatCompletion> result, JudgePrompt prompt)
    {
        PipelineResponse response = result.GetRawResponse();
        NoteLimits(response, prompt);
        ChatCompletion answer = result.Value;
        exchange = exchange with
        {
            Status = response.Status,
            ModelAnswered = BoundedText.Head(answer.Model ?? "", LongestDetail),
            ResponseId = BoundedText.Head(answer.Id ?? "", LongestDetail),
            InputTokens = Known(answer.Usage?.InputTokenCount),
            CachedTokens = Known(answer.Usage?.InputTokenDetails?.CachedTokenCount),
            OutputTokens = Known(answer.Usage?.OutputTokenCount),
            FinishReason = FinishReasonOf(answer),
        };
        if (exchange is { InputTokens: { } input, OutputTokens: { } output })
        {
            exchange = exchange with { CostUsd = _prices.Cost(input, Math.Clamp(exchange.CachedTokens ?? 0, 0, input), output, exchange.ModelAnswered) };
        }

        var text = new StringBuilder();
        foreach (ChatMessageContentPart part in answer.Content.Where(p => p.Kind == ChatMessageContentPartKind.Text))
        {
            text.Append(part.Text);
        }

        return exchange.FinishReason == "content_filter" ? exchange with { Error = JudgeErrors.ContentFilter }
            : !string.IsNullOrEmpty(answer.Refusal) ? exchange with { Error = JudgeErrors.Refusal, Detail = Clean(answer.Refusal) }
            : exchange.FinishReason == "length" ? exchange with { Error = JudgeErrors.Truncated, Detail = "the answer was cut off by MaxOutputTokens" }
            : exchange with { Text = text.ToString() };
    }

    // The client knows the conventional reasons only, and throws for others as it reads them.
    private static string FinishReasonOf(ChatCompletion answer)
    {
        try
        {
            return answer.FinishReason switch
            {
                ChatFinishReason.Stop => "stop",
                ChatFinishReason.Length => "length",
                ChatFinishReason.ContentFilter => "content_filter",
                ChatFinishReason.ToolCalls => "tool_calls",
                _ => "",
            };
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    private JudgeExchange Refused(JudgeExchange exchange, ClientResultException e, JudgePrompt prompt)
    {
        if (e.GetRawResponse() is not { } response)
        {
            bool isSent = e.InnerException is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
            return exchange with { Error = JudgeErrors.Unreachable, Detail = Clean(e.InnerException?.Message ?? e.Message), IsSent = isSent };
        }

        NoteLimits(response, prompt);
        string said = response.Content?.ToString() ?? "";
        return exchange with
        {
            Status = response.Status,
            Error = response.Status switch
            {
                429 => JudgeErrors.RateLimited,
                401 or 402 or 403 or 404 or 407 => JudgeErrors.Misconfigured,
                400 when said.Contains("content_filter", StringComparison.Ordinal) => JudgeErrors.ContentFilter,
                408 or 409 or 425 => JudgeErrors.ServerError,
                >= 400 and < 500 => JudgeErrors.RequestRefused,
                _ => JudgeErrors.ServerError,
            },
            Detail = Clean($"{response.Status} {response.ReasonPhrase} {said}"),
            RetryAfter = RateLimitHeaders.RetryAfter(response.Headers, _time.GetUtcNow()),
        };
    }

    private void NoteLimits(PipelineResponse response, JudgePrompt prompt)
    {
        // About four bytes a token.
        if (RateLimitHeaders.Exhausted(response.Headers, prompt.MostInputTokens / 4) is { } wait)
        {
            OnExhausted?.Invoke(wait);
        }
    }

    private static long? Known(int? tokens) => tokens >= 0 ? tokens : null;

    private string Clean(string text) => BoundedText.Head(text.Replace(_key.Length > 4 ? _key : "\0", "(key)", StringComparison.Ordinal), LongestDetail);
}
