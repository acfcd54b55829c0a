using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>What was said in a call, as the span carries it: JSON texts or structured values, turned into JSON when they are written.</summary>
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

    /// <summary>Whether there is any content.</summary>
    public bool IsEmpty => SystemInstructions.Kind == ValueKind.None && InputMessages.Kind == ValueKind.None
        && OutputMessages.Kind == ValueKind.None && ToolDefinitions.Kind == ValueKind.None;

    /// <summary>Forgets everything.</summary>
    public void Clear() => SystemInstructions = InputMessages = OutputMessages = ToolDefinitions = default;
}
