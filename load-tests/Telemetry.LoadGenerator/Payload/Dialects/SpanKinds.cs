namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>OTLP span kinds.</summary>
internal static class SpanKinds
{
    /// <summary>SPAN_KIND_INTERNAL.</summary>
    public const int Internal = 1;

    /// <summary>SPAN_KIND_CLIENT.</summary>
    public const int Client = 3;
}
