using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// What was said in a call, as the span carries it, in whatever shape; brought to the one shape of <c>gen_ai.input.messages</c> when it is written or
/// counted.
/// </summary>
internal sealed class CallContent
{
    /// <summary>System instructions.</summary>
    public AttributeValue SystemInstructions { get; set; }

    /// <summary>Messages to the model.</summary>
    public AttributeValue InputMessages { get; set; }

    /// <summary>Messages from the model.</summary>
    public AttributeValue OutputMessages { get; set; }

    /// <summary>Tools offered to the model.</summary>
    public AttributeValue ToolDefinitions { get; set; }

    /// <summary>The answer's text, where a dialect gives it apart from tool calls.</summary>
    public AttributeValue OutputText { get; set; }

    /// <summary>The answer's reasoning, where a dialect gives it apart.</summary>
    public AttributeValue OutputReasoning { get; set; }

    /// <summary>The answer's tool calls as JSON, where a dialect gives them apart.</summary>
    public AttributeValue OutputToolCalls { get; set; }

    /// <summary>The request as recorded, for want of messages.</summary>
    public AttributeValue RecordedInput { get; set; }

    /// <summary>The response as recorded, for want of messages.</summary>
    public AttributeValue RecordedOutput { get; set; }

    /// <summary>Whether attributes of indexed flat keys or span events may carry messages.</summary>
    public bool MayBeFlat { get; set; }

    /// <summary>Whether there is any content in plain attributes.</summary>
    public bool IsEmpty => SystemInstructions.Kind == ValueKind.None && InputMessages.Kind == ValueKind.None
        && OutputMessages.Kind == ValueKind.None && ToolDefinitions.Kind == ValueKind.None && OutputText.Kind == ValueKind.None && OutputToolCalls.Kind == ValueKind.None
        && OutputReasoning.Kind == ValueKind.None && RecordedInput.Kind == ValueKind.None && RecordedOutput.Kind == ValueKind.None;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        SystemInstructions = InputMessages = OutputMessages = ToolDefinitions = OutputText = OutputReasoning = OutputToolCalls = RecordedInput = RecordedOutput = default;
        MayBeFlat = false;
    }
}
