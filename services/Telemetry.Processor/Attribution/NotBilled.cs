namespace Telemetry.Processor.Attribution;

/// <summary>Why a span is not a billable call; the values of the column <c>not_billed_because</c>.</summary>
internal static class NotBilled
{
    /// <summary>No known convention.</summary>
    public const string UnknownConvention = "unknown_convention";

    /// <summary>Its operation is no provider call.</summary>
    public const string NotACall = "not_a_call";

    /// <summary>It stands around calls that are billed.</summary>
    public const string Wrapper = "wrapper";

    /// <summary>The server's view of a call whose client is billed.</summary>
    public const string ServerSide = "server_side";

    /// <summary>Another span reports the same call and tells more.</summary>
    public const string SameCall = "same_call";
}
