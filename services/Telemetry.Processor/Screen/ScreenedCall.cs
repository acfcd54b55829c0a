using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen.Text;

namespace Telemetry.Processor.Screen;

/// <summary>A call as the rules see it: what was said, gathered once for all of them, and what they noted. Used again from call to call.</summary>
internal sealed class ScreenedCall(CallMessages messages, int maxBytes)
{
    private const int LongestQuestion = 16 << 10;

    private readonly BoundedText _instructions = new(maxBytes);
    private readonly BoundedText _prompt = new(maxBytes);
    private readonly BoundedText _question = new(LongestQuestion);
    private readonly BoundedText _answer = new(maxBytes);
    private readonly BoundedText _arguments = new(maxBytes);

    /// <summary>The span.</summary>
    public SpanItem Item { get; private set; } = null!;

    /// <summary>What it means.</summary>
    public LlmCall Call => Item.Call;

    /// <summary>System instructions, also those that stand among the messages.</summary>
    public ReadOnlySpan<byte> Instructions => _instructions.Span;

    /// <summary>Everything else that went to the model: users, tools, earlier answers.</summary>
    public ReadOnlySpan<byte> Prompt => _prompt.Span;

    /// <summary>The last message of a user.</summary>
    public ReadOnlySpan<byte> Question => _question.Span;

    /// <summary>Texts of the answer, reasoning left out.</summary>
    public ReadOnlySpan<byte> Answer => _answer.Span;

    /// <summary>Whether the answer is longer than what is looked at.</summary>
    public bool IsAnswerCut => _answer.IsCut;

    /// <summary>Arguments of all tool calls of the answer.</summary>
    public ReadOnlySpan<byte> Arguments => _arguments.Span;

    /// <summary>The answer's messages in the one shape, as JSON.</summary>
    public ReadOnlySpan<byte> OutputMessages => messages.Output;

    /// <summary>Tools that were offered, as JSON.</summary>
    public ReadOnlySpan<byte> Tools => messages.Tools;

    /// <summary>Whether the span carries an answer, be it an empty one.</summary>
    public bool HasAnswer => messages.Output.Length > 0;

    /// <summary>Whether the span carries a prompt.</summary>
    public bool HasPrompt => messages.Input.Length > 0;

    /// <summary>Messages of the answer: one for each choice, mostly.</summary>
    public int Choices { get; private set; }

    /// <summary>Tool calls in the answer.</summary>
    public int ToolCalls { get; private set; }

    /// <summary>Whether the answer has a refusal in the place that the provider has for it.</summary>
    public bool HasRefusalPart { get; private set; }

    /// <summary>Whether the answer has images, audio or anything else that is no text.</summary>
    public bool HasOtherParts { get; private set; }

    /// <summary>Takes a call without reading what was said.</summary>
    public void Take(SpanItem item) => Item = item;

    /// <summary>Reads what was said; false when the span does not carry it.</summary>
    public bool TryRead()
    {
        Clear();
        if (!Item.MayCarryMessages)
        {
            return false;
        }

        messages.Read(Item);
        if (messages.IsEmpty)
        {
            return false;
        }

        var input = new InputVisitor(this);
        MessageText.Visit(messages.Instructions, ref input);
        MessageText.Visit(messages.Input, ref input);
        var output = new OutputVisitor(this);
        MessageText.Visit(messages.Output, ref output);
        return true;
    }

    /// <summary>Notes a finding.</summary>
    public void Hit(string flag, string evidence = "")
    {
        if (!Call.Flags.Contains(flag))
        {
            Call.Flags.Add(flag);
            Call.Hits.Add(new ScreenHit(flag, evidence));
        }
    }

    private void Clear()
    {
        _instructions.Clear();
        _prompt.Clear();
        _question.Clear();
        _answer.Clear();
        _arguments.Clear();
        Choices = ToolCalls = 0;
        HasRefusalPart = HasOtherParts = false;
    }

    private struct InputVisitor(ScreenedCall call) : IMessageVisitor
    {
        private bool _isSystem;
        private bool _isUser;

        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name)
        {
            _isSystem = role.SequenceEqual("system"u8) || role.SequenceEqual("developer"u8);
            _isUser = role.SequenceEqual("user"u8);
            if (_isUser)
            {
                call._question.Clear();
            }
        }

        public readonly void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
        {
            (_isSystem ? call._instructions : call._prompt).Add(text);
            if (_isUser)
            {
                call._question.Add(text);
            }
        }

        public readonly void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => call._prompt.Add(arguments);

        public readonly void ToolResponse(ReadOnlySpan<byte> response) => call._prompt.Add(response);

        public readonly void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality)
        {
            // Media has no text.
        }
    }

    private readonly struct OutputVisitor(ScreenedCall call) : IMessageVisitor
    {
        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name) => call.Choices++;

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
        {
            if (type.SequenceEqual("refusal"u8))
            {
                call.HasRefusalPart |= !text.IsEmpty;
            }
            else if (!type.SequenceEqual("reasoning"u8))
            {
                call._answer.Add(text);
            }
        }

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
        {
            call.ToolCalls++;
            call._arguments.Add(arguments);
        }

        public void ToolResponse(ReadOnlySpan<byte> response) => call.HasOtherParts = true;

        public void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality) => call.HasOtherParts = true;
    }
}
