namespace Telemetry.Processor.Normalize.Messages;

/// <summary>What was wrong with messages that were normalised all the same.</summary>
[Flags]
internal enum MessageFlaws
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It looks like JSON, but is cut off, malformed or nested too deep; kept as text.</summary>
    Unreadable = 1,

    /// <summary>It is JSON, but no messages that we know; kept as text.</summary>
    UnknownShape = 2,

    /// <summary>It is longer than we take; the rest was dropped.</summary>
    Cut = 4,
}
