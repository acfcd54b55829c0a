namespace Telemetry.Processor.Events;

/// <summary>GenAI events that arrive as log records (OpenTelemetry GenAI conventions, generations up to 1.36 and later).</summary>
internal enum EventKind : byte
{
    /// <summary>None that is read.</summary>
    Other,

    /// <summary><c>gen_ai.client.inference.operation.details</c>: the span's attributes again, with its messages.</summary>
    Details,

    /// <summary><c>gen_ai.{system,user,assistant,tool}.message</c>: one message to the model.</summary>
    Message,

    /// <summary><c>gen_ai.choice</c>: one answer of the model.</summary>
    Choice,

    /// <summary><c>gen_ai.evaluation.result</c>: a judgement.</summary>
    Evaluation,
}

/// <summary>Kinds by event name.</summary>
internal static class EventKinds
{
    /// <summary>The kind, and the role of who speaks in a message.</summary>
    public static (EventKind Kind, string Role) Of(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("gen_ai.client.inference.operation.details"u8) => (EventKind.Details, ""),
        _ when name.SequenceEqual("gen_ai.system.message"u8) => (EventKind.Message, "system"),
        _ when name.SequenceEqual("gen_ai.user.message"u8) => (EventKind.Message, "user"),
        _ when name.SequenceEqual("gen_ai.assistant.message"u8) => (EventKind.Message, "assistant"),
        _ when name.SequenceEqual("gen_ai.tool.message"u8) => (EventKind.Message, "tool"),
        _ when name.SequenceEqual("gen_ai.choice"u8) => (EventKind.Choice, "assistant"),
        _ when name.SequenceEqual("gen_ai.evaluation.result"u8) => (EventKind.Evaluation, ""),
        _ => (EventKind.Other, ""),
    };
}
