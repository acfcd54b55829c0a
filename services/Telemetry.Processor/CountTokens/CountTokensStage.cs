using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Tokenizer;

namespace Telemetry.Processor.CountTokens;

/// <summary>
/// Counts the tokens of calls that report none, from what was said, and marks them as estimated. A call that reports its usage is never counted; one whose
/// messages are not on the span stays unknown.
/// </summary>
internal sealed class CountTokensStage(CallMessages messages) : IStage
{
    /// <summary>More text than the longest context of any model takes no time of the lane.</summary>
    private const int LongestCounted = 4 << 20;

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        foreach (SpanItem item in items)
        {
            if (item.IsCall && item.Call.TokensSource == TokensSource.Unknown)
            {
                Count(item);
            }
        }
    }

    private void Count(SpanItem item)
    {
        messages.Read(item);
        int length = messages.Instructions.Length + messages.Input.Length + messages.Output.Length + messages.Tools.Length;

        // A failed call that said nothing was not billed by anybody.
        if (length == 0 || messages.Input.Length == 0 || (item.Call.IsError && messages.Output.Length == 0))
        {
            return;
        }

        if (length > LongestCounted)
        {
            item.Call.Flag(Flags.TooLongToCount);
            return;
        }

        LlmCall call = item.Call;
        TokenCounter counter = TokenCounter.ForModel(call.ModelAnswered.Length > 0 ? call.ModelAnswered : call.ModelRequested);
        bool isChat = call.Operation is Operations.Chat or Operations.GenerateContent;
        call.Usage = new TokenUsage
        {
            Input = isChat ? CountChat(counter) : CountTexts(counter, messages.Input),
            Output = messages.Output.Length > 0 && call.Operation != Operations.Embeddings ? CountTexts(counter, messages.Output) : null,
        };
        call.TokensSource = TokensSource.Estimated;
    }

    private int CountChat(TokenCounter counter)
    {
        var visitor = new ChatVisitor(counter.StartChat(), counter);
        MessageText.Visit(messages.Instructions, ref visitor);
        MessageText.Visit(messages.Input, ref visitor);
        return visitor.Total + (messages.Tools.Length > 0 ? counter.Count(messages.Tools) : 0);
    }

    private static int CountTexts(TokenCounter counter, ReadOnlySpan<byte> messages)
    {
        var visitor = new TextVisitor(counter);
        MessageText.Visit(messages, ref visitor);
        return visitor.Total;
    }

    /// <summary>Counts a request: every message costs its overhead.</summary>
    private struct ChatVisitor(ChatTokens chat, TokenCounter counter) : IMessageVisitor
    {
        private ChatTokens _chat = chat;
        private int _texts;

        public readonly int Total => _chat.Total + _texts;

        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name) => _chat.Add(role, name, default);

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text) => _texts += counter.Count(text);

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => _texts += counter.Count(name) + counter.Count(arguments);

        public void ToolResponse(ReadOnlySpan<byte> response) => _texts += counter.Count(response);

        public void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality)
        {
            // Media has no tokens that could be told from its bytes.
        }
    }

    /// <summary>Counts texts alone.</summary>
    private struct TextVisitor(TokenCounter counter) : IMessageVisitor
    {
        public int Total { get; private set; }

        public readonly void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name)
        {
            // An answer's message has no overhead of its own.
        }

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text) => Total += counter.Count(text);

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => Total += counter.Count(name) + counter.Count(arguments);

        public void ToolResponse(ReadOnlySpan<byte> response) => Total += counter.Count(response);

        public readonly void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality)
        {
            // Media has no tokens that could be told from its bytes.
        }
    }
}
