using System.Diagnostics.CodeAnalysis;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Telemetry.Hosting.Observability;

/// <summary>The metrics of this process for a Prometheus that scrapes it, beside and independent of those that are sent over OTLP.</summary>
internal sealed class PrometheusPage : IDisposable
{
    /// <summary>Media type of the page.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int CollectMilliseconds = 5000;

    private readonly PrometheusText _text = new();
    private readonly Lock _lock = new();
    private readonly MeterProvider _provider;

    /// <summary>Starts to count.</summary>
    /// <param name="meters">Names of the meters that are shown.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The provider disposes its readers, and these their exporters.")]
    public PrometheusPage(params string[] meters)
    {
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(meters).AddSecondsBuckets().AddReader(new BaseExportingMetricReader(_text)).Build();
    }

    /// <summary>The page as of now; null when an instrument did not answer in time.</summary>
    public string? Read()
    {
        lock (_lock)
        {
            return _text.Collect!(CollectMilliseconds) ? _text.Text : null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _provider.Dispose();
}
