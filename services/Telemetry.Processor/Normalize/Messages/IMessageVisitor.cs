namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Is shown what normalised messages say. The spans hold only during the call.</summary>
internal interface IMessageVisitor
{
    /// <summary>A message begins; its parts follow.</summary>
    void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name);

    /// <summary>A text, reasoning or refusal.</summary>
    void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text);

    /// <summary>A tool call; arguments are JSON, or whatever text the model gave.</summary>
    void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments);

    /// <summary>What a tool answered: a text, or JSON.</summary>
    void ToolResponse(ReadOnlySpan<byte> response);

    /// <summary>A part of any other type, for example a blob of modality image.</summary>
    void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality);
}
