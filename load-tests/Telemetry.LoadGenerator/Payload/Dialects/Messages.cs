using System.Text.Encodings.Web;
using System.Text.Json;

namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>The messages of a call in the shapes that the dialects record.</summary>
internal static class Messages
{
    private const string System = "You are a helpful shop assistant. Answer briefly, and only from the documents given.";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>gen_ai.input.messages</c>.</summary>
    public static string Input(string prompt) => Json(new[] { Parts("system", System), Parts("user", prompt) });

    /// <summary><c>gen_ai.output.messages</c>.</summary>
    public static string Output(string answer) =>
        Json(new[] { new { role = "assistant", parts = new[] { new { type = "text", content = answer } }, finish_reason = "stop" } });

    /// <summary><c>ai.prompt.messages</c>.</summary>
    public static string Vercel(string prompt) =>
        Json(new object[] { new { role = "system", content = System }, new { role = "user", content = new[] { new { type = "text", text = prompt } } } });

    /// <summary>The body of a request to OpenAI.</summary>
    public static string Request(string model, string prompt) => Json(new
    {
        model,
        messages = new[] { new { role = "system", content = System }, new { role = "user", content = prompt } },
        temperature = 0.2,
        max_tokens = 1000,
    });

    /// <summary>The body of OpenAI's response; the token counts are numbers.</summary>
    public static string Response(CallFacts facts) =>
        $$$"""{"id":"{{{CallFacts.ResponseId}}}","object":"chat.completion","model":"{{{facts.Model.Answered}}}","service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":{{{Json(facts.Answer)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{Slots.InputText}}},"completion_tokens":{{{Slots.OutputText}}}}}""";

    /// <summary>The two messages of the flat shapes: role and content.</summary>
    public static IEnumerable<(string Role, string Content)> Flat(string prompt) => [("system", System), ("user", prompt)];

    private static object Parts(string role, string content) => new { role, parts = new[] { new { type = "text", content } } };

    private static string Json(object value) => JsonSerializer.Serialize(value, Options);
}
