using System.Text.Json.Nodes;

namespace Telemetry.Demo.Provider;

/// <summary>The JSON shapes of an OpenAI-compatible API (OpenAI API reference: chat completions, streaming, embeddings).</summary>
internal static class ChatShapes
{
    private const long Created = 1_700_000_000;
    private const int EmbeddingLength = 8;

    /// <summary>A whole chat completion.</summary>
    public static JsonObject Completion(DemoModel model, Answer answer) => new()
    {
        ["id"] = answer.Id,
        ["object"] = "chat.completion",
        ["created"] = Created,
        ["model"] = model.Answered,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["finish_reason"] = answer.FinishReason, ["message"] = Message(answer) }),
        ["usage"] = UsageOf(answer),
    };

    /// <summary>One chunk of a streamed answer.</summary>
    public static JsonObject Chunk(DemoModel model, Answer answer, string text) =>
        Part(model, answer, new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["role"] = "assistant", ["content"] = text }, ["finish_reason"] = null }));

    /// <summary>The chunk that ends the answer.</summary>
    public static JsonObject Finish(DemoModel model, Answer answer) =>
        Part(model, answer, new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = answer.Tool is null ? answer.FinishReason : "stop" }));

    /// <summary>The chunk that tells the usage.</summary>
    public static JsonObject Usage(DemoModel model, Answer answer)
    {
        JsonObject chunk = Part(model, answer, []);
        chunk["usage"] = UsageOf(answer);
        return chunk;
    }

    /// <summary>One embedding.</summary>
    public static JsonObject Embedding(string model, int tokens) => new()
    {
        ["object"] = "list",
        ["model"] = model,
        ["data"] = new JsonArray(new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = 0,
            ["embedding"] = Convert.ToBase64String(new byte[EmbeddingLength * sizeof(float)]),
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
    };

    private static JsonObject Part(DemoModel model, Answer answer, JsonArray choices) => new()
    {
        ["id"] = answer.Id,
        ["object"] = "chat.completion.chunk",
        ["created"] = Created,
        ["model"] = model.Answered,
        ["choices"] = choices,
    };

    private static JsonObject Message(Answer answer) => answer.Tool is null
        ? new JsonObject { ["role"] = "assistant", ["content"] = "Here is what I found." }
        : new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = "call_" + answer.Id[^8..],
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = answer.Tool, ["arguments"] = "{\"order\":\"A-17\"}" },
            }),
        };

    private static JsonObject UsageOf(Answer answer) => new()
    {
        ["prompt_tokens"] = answer.Input,
        ["completion_tokens"] = answer.Output,
        ["total_tokens"] = answer.Input + answer.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.Cached },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = answer.Reasoning },
    };
}
