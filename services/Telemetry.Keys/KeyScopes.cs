namespace Telemetry.Keys;

/// <summary>What a key may do.</summary>
[Flags]
public enum KeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send spans and log records.</summary>
    Ingest = 1,

    /// <summary>Send what people think of answers; the only scope for keys that leave the server, such as those in a web page.</summary>
    Feedback = 2,

    /// <summary>Everything.</summary>
    All = Ingest | Feedback,
}
