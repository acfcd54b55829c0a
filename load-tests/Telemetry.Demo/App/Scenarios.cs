using System.Diagnostics;
using System.Globalization;
using Telemetry.Demo.Provider;

namespace Telemetry.Demo.App;

/// <summary>What the demo application does: agents with tools, retrieval with embeddings, summaries, plain chats.</summary>
internal sealed class Scenarios(ModelClient client, Random random)
{
    private static readonly string[] Questions =
    [
        "Where is my order A-17, and can I still change the delivery address to my office?",
        "Please summarise this conversation for the support team in three sentences.",
        "Which of your plans fits a team of twelve people who mostly work in the evening?",
        "The parcel arrived damaged. What are my options, and how long do I have to decide?",
    ];

    private readonly Lock _gate = new();

    /// <summary>Runs one conversation of a few calls.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        (int kind, DemoModel model, Conversation conversation, string question, bool stream) = Draw();
        switch (kind)
        {
            case 0:
                await AgentAsync(model, conversation, question, cancellation);
                break;
            case 1:
                await RetrievalAsync(model, conversation, question, stream, cancellation);
                break;
            default:
                await client.ChatAsync(model, conversation, question, stream, tools: false, cancellation);
                break;
        }
    }

    private async Task AgentAsync(DemoModel model, Conversation conversation, string question, CancellationToken cancellation)
    {
        using Activity? agent = GenAiTracing.StartStep("invoke_agent", "order-helper");
        if (await client.ChatAsync(model, conversation, question, stream: false, tools: true, cancellation) == true)
        {
            using (GenAiTracing.StartStep("execute_tool", "lookup_order"))
            {
                await Task.Yield();
            }

            await client.ChatAsync(model, conversation, question + " Order A-17 is on its way.", stream: true, tools: false, cancellation);
        }
    }

    private async Task RetrievalAsync(DemoModel model, Conversation conversation, string question, bool stream, CancellationToken cancellation)
    {
        using Activity? agent = GenAiTracing.StartStep("invoke_agent", "knowledge-helper");
        await client.EmbedAsync(DemoModel.Find(DemoModel.Embedding)!, conversation, question, cancellation);
        await client.ChatAsync(model, conversation, question + " Answer from the documents.", stream, tools: false, cancellation);
    }

    private (int Kind, DemoModel Model, Conversation Conversation, string Question, bool Stream) Draw()
    {
        lock (_gate)
        {
            DemoModel[] chatModels = [.. DemoModel.All.Where(m => m.Requested != DemoModel.Embedding)];
            DemoModel model = chatModels[Math.Min(chatModels.Length - 1, (int)(-Math.Log(1 - random.NextDouble()) * 1.5))];
            var conversation = new Conversation(
                $"session-{random.Next():x8}",
                string.Create(CultureInfo.InvariantCulture, $"user-{random.Next(40)}"),
                random.Next(3) == 0 ? "summary" : "answer",
                random.Next(4) == 0 ? "v2" : "v1");
            return (random.Next(3), model, conversation, Questions[random.Next(Questions.Length)], random.Next(2) == 0);
        }
    }
}
