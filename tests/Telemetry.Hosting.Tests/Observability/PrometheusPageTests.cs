using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Tests.Observability;

public sealed class PrometheusPageTests : IDisposable
{
    private readonly Meter _meter = new("prometheus-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_page_is_prometheus_text_with_names_units_labels_and_values()
    {
        using var page = new PrometheusPage(_meter.Name);
        Counter<long> spans = _meter.CreateCounter<long>("telemetry.processor.spans", "{span}", "Spans by fate.\nTwo lines, a \\ and \"quotes\".");
        UpDownCounter<long> window = _meter.CreateUpDownCounter<long>("telemetry.processor.window.spans", "{span}");
        _meter.CreateObservableGauge("telemetry.processor.lag", () => new Measurement<double>(1.5, new KeyValuePair<string, object?>("topic", "llm.spans"), new("partition", 3)), "s");
        spans.Add(2, new KeyValuePair<string, object?>("fate", "call"));
        spans.Add(3, new KeyValuePair<string, object?>("fate", "call"));
        spans.Add(1, new KeyValuePair<string, object?>("error.type", "a \"b\"\\c\nd"));
        window.Add(7);
        window.Add(-2);

        string[] lines = page.Read()!.Split('\n');

        Assert.Contains("# HELP telemetry_processor_spans_total Spans by fate.\\nTwo lines, a \\\\ and \"quotes\".", lines);
        Assert.Contains("# TYPE telemetry_processor_spans_total counter", lines);
        Assert.Contains("telemetry_processor_spans_total{fate=\"call\"} 5", lines);
        Assert.Contains("telemetry_processor_spans_total{error_type=\"a \\\"b\\\"\\\\c\\nd\"} 1", lines);
        Assert.Contains("# TYPE telemetry_processor_window_spans gauge", lines);
        Assert.Contains("telemetry_processor_window_spans 5", lines);
        Assert.Contains("telemetry_processor_lag_seconds{partition=\"3\",topic=\"llm.spans\"} 1.5", lines);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_up_to_infinity_a_sum_and_a_count()
    {
        using var page = new PrometheusPage(_meter.Name);
        Histogram<double> duration = _meter.CreateHistogram("telemetry.processor.batch.duration", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        duration.Record(0.05);
        duration.Record(0.5);
        duration.Record(4.25);

        string[] lines = [.. page.Read()!.Split('\n').Where(l => l.StartsWith("telemetry_", StringComparison.Ordinal))];

        Assert.Equal(
            [
                "telemetry_processor_batch_duration_seconds_bucket{le=\"0.1\"} 1",
                "telemetry_processor_batch_duration_seconds_bucket{le=\"1\"} 2",
                "telemetry_processor_batch_duration_seconds_bucket{le=\"+Inf\"} 3",
                "telemetry_processor_batch_duration_seconds_sum 4.8",
                "telemetry_processor_batch_duration_seconds_count 3",
            ],
            lines);
    }

    [Fact]
    public void Durations_in_seconds_tell_milliseconds_apart()
    {
        using var page = new PrometheusPage(_meter.Name);
        Histogram<double> duration = _meter.CreateHistogram<double>("duration", "s");
        duration.Record(0.004);
        duration.Record(0.2);

        string text = page.Read()!;

        Assert.Contains("duration_seconds_bucket{le=\"0.005\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("duration_seconds_bucket{le=\"0.1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("duration_seconds_bucket{le=\"0.25\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_go_on_from_scrape_to_scrape()
    {
        using var page = new PrometheusPage(_meter.Name);
        Counter<long> counter = _meter.CreateCounter<long>("calls");
        counter.Add(1);
        Assert.Contains("calls_total 1\n", page.Read()!, StringComparison.Ordinal);

        counter.Add(1);

        Assert.Contains("calls_total 2\n", page.Read()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telemetry.part.what", "telemetry_part_what")]
    [InlineData("a..b--c", "a_b_c")]
    [InlineData("2fast", "_2fast")]
    [InlineData("naïve", "na_ve")]
    public void Names_hold_what_prometheus_allows(string name, string expected) => Assert.Equal(expected, PrometheusName.Clean(name));

    [Fact]
    public async Task The_health_port_serves_the_page_of_the_process()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var server = new OperationsServer(new OperationsOptions { Port = 0 }, [], NullLoggerFactory.Instance);
        await server.StartAsync(cancellation);
        Counter<long> counter = TelemetryMeter.Meter.CreateCounter<long>("telemetry.test.scraped", "{scrape}");
        counter.Add(3);
        using var client = new HttpClient { BaseAddress = server.Url };

        using HttpResponseMessage response = await client.GetAsync("/metrics", cancellation);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string text = await response.Content.ReadAsStringAsync(cancellation);
        Assert.Contains("telemetry_test_scraped_total 3\n", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
    }
}
