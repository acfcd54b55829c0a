namespace Telemetry.LoadGenerator.Send;

/// <summary>What became of a request.</summary>
internal enum SendOutcome : byte
{
    /// <summary>Nothing known.</summary>
    None,

    /// <summary>All its spans were accepted: they must become visible.</summary>
    Acknowledged,

    /// <summary>The receiver said no.</summary>
    Refused,

    /// <summary>Connection or deadline: its spans may be kept or not.</summary>
    Failed,
}

/// <summary>Outcome of one request.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Status or failure in a few words; empty when acknowledged.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string Reason)
{
    /// <summary>All accepted.</summary>
    public static readonly SendResult Acknowledged = new(SendOutcome.Acknowledged, "");
}

/// <summary>A request ready to be sent.</summary>
/// <param name="Frame">gRPC frame: five bytes of header, then the message. OTLP/HTTP sends what is behind the header.</param>
/// <param name="Request">Its number.</param>
internal readonly record struct Body(ReadOnlyMemory<byte> Frame, long Request);
