using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using Telemetry.Demo.Provider;

namespace Telemetry.Demo.App;

/// <summary>
/// Calls the provider through the official OpenAI client, one span an attempt. The client's own retries are off: a retry that is paid for must be seen.
/// </summary>
internal sealed class ModelClient(Uri provider, TimeProvider time)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly OpenAIClient _client = new(new ApiKeyCredential("demo"), new OpenAIClientOptions
    {
        Endpoint = provider,
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    });

    /// <summary>Asks for an answer; whether the model wants a tool to be called. Null when every attempt failed.</summary>
    public Task<bool?> ChatAsync(DemoModel model, Conversation conversation, string text, bool stream, bool tools, CancellationToken cancellation) =>
        RetryAsync(() => AttemptAsync(model, conversation, text, stream, tools, cancellation), cancellation);

    /// <summary>Embeds a text.</summary>
    public Task<bool?> EmbedAsync(DemoModel model, Conversation conversation, string text, CancellationToken cancellation) =>
        RetryAsync(() => AttemptEmbeddingAsync(model, conversation, text, cancellation), cancellation);

    private async Task<bool?> RetryAsync(Func<Task<bool?>> attempt, CancellationToken cancellation)
    {
        for (int i = 0; i < Attempts; i++)
        {
            if (await attempt() is { } result)
            {
                return result;
            }

            await Task.Delay(Pause, time, cancellation);
        }

        return null;
    }

    private async Task<bool?> AttemptAsync(DemoModel model, Conversation conversation, string text, bool stream, bool tools, CancellationToken cancellation)
    {
        using Activity? span = GenAiTracing.StartCall("chat", model, conversation, stream);
        ChatClient chat = _client.GetChatClient(model.Requested);
        var options = new ChatCompletionOptions();
        if (tools)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool("lookup_order", "Finds an order.", BinaryData.FromString("""{"type":"object","properties":{"order":{"type":"string"}}}""")));
        }

        try
        {
            ChatMessage[] messages = [new SystemChatMessage("You help customers of a shop."), new UserChatMessage(text)];
            return stream
                ? await StreamAsync(span, chat, messages, options, text, cancellation)
                : Whole(span, await chat.CompleteChatAsync(messages, options, cancellation), text);
        }
        catch (Exception e) when (e is ClientResultException or HttpRequestException or IOException)
        {
            GenAiTracing.SetError(span, e);
            return null;
        }
    }

    private static bool Whole(Activity? span, ChatCompletion answer, string text)
    {
        GenAiTracing.SetResponse(span, answer.Id, answer.Model, answer.FinishReason, answer.Usage);
        GenAiTracing.SetMessages(span, text, answer.Content.Count > 0 ? answer.Content[0].Text : "");
        return answer.FinishReason == ChatFinishReason.ToolCalls;
    }

    private static async Task<bool?> StreamAsync(
        Activity? span, ChatClient chat, ChatMessage[] messages, ChatCompletionOptions options, string text, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        var said = new StringBuilder();
        StreamingChatCompletionUpdate? last = null;
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync(messages, options, cancellation))
        {
            if (last is null)
            {
                span?.SetTag("gen_ai.response.time_to_first_chunk", Stopwatch.GetElapsedTime(started).TotalSeconds);
            }

            last = update;
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
            foreach (ChatMessageContentPart part in update.ContentUpdate)
            {
                said.Append(part.Text);
            }
        }

        GenAiTracing.SetResponse(span, last?.CompletionId, last?.Model, finish, usage);
        GenAiTracing.SetMessages(span, text, said.ToString());
        return finish == ChatFinishReason.ToolCalls;
    }

    private async Task<bool?> AttemptEmbeddingAsync(DemoModel model, Conversation conversation, string text, CancellationToken cancellation)
    {
        using Activity? span = GenAiTracing.StartCall("embeddings", model, conversation, stream: false);
        try
        {
            OpenAIEmbeddingCollection answer = await _client.GetEmbeddingClient(model.Requested).GenerateEmbeddingsAsync([text], cancellationToken: cancellation);
            span?.SetTag("gen_ai.response.model", answer.Model);
            span?.SetTag("gen_ai.usage.input_tokens", answer.Usage.InputTokenCount);
            return false;
        }
        catch (Exception e) when (e is ClientResultException or HttpRequestException or IOException)
        {
            GenAiTracing.SetError(span, e);
            return null;
        }
    }
}
