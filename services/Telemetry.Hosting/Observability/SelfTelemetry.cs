using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Telemetry.Hosting.Observability;

/// <summary>
/// Our own metrics and traces over OTLP, configured by the standard <c>OTEL_*</c> variables alone. Off until an endpoint is named,
/// so that nothing is sent anywhere unasked. Our spans carry no GenAI attributes, so a Collector that receives them
/// lets them go: the pipeline cannot feed itself.
/// </summary>
public sealed class SelfTelemetry : IDisposable
{
    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _tracers;

    private SelfTelemetry(MeterProvider? meters, TracerProvider? tracers)
    {
        _meters = meters;
        _tracers = tracers;
    }

    /// <summary>Starts the exporters that the environment asks for.</summary>
    /// <param name="serviceName">Default <c>service.name</c>; <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> win.</param>
    public static SelfTelemetry Start(string serviceName)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return new SelfTelemetry(null, null);
        }

        ResourceBuilder resource = ResourceBuilder.CreateEmpty().AddService(serviceName).AddTelemetrySdk().AddEnvironmentVariableDetector();
        MeterProvider? meters = !IsAsked("METRICS") ? null : Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(TelemetryMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
            .AddSecondsBuckets()
            .AddOtlpExporter()
            .Build();
        TracerProvider? tracers = !IsAsked("TRACES") ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(TelemetryMeter.Name)
            .AddOtlpExporter()
            .Build();
        return new SelfTelemetry(meters, tracers);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _meters?.Dispose();
        _tracers?.Dispose();
    }

    // OpenTelemetry specification, "Environment Variable Specification" and "OTLP Exporter".
    private static bool IsAsked(string signal) =>
        Environment.GetEnvironmentVariable($"OTEL_{signal}_EXPORTER") is null or "otlp"
        && (HasValue("OTEL_EXPORTER_OTLP_ENDPOINT") || HasValue($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

    private static bool HasValue(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
