using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Telemetry.Hosting.Observability;

/// <summary>Buckets of our durations. The SDK's own are made for milliseconds: nearly everything in seconds would fall into the first.</summary>
internal static class HistogramBuckets
{
    /// <summary>From a millisecond to ten minutes.</summary>
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    /// <summary>Gives histograms in seconds these buckets, unless they bring their own.</summary>
    public static MeterProviderBuilder AddSecondsBuckets(this MeterProviderBuilder builder) => builder.AddView(instrument =>
        instrument is Histogram<double> { Unit: "s", Advice.HistogramBucketBoundaries: null } or Histogram<double> { Unit: "s", Advice: null }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
            : null);
}
