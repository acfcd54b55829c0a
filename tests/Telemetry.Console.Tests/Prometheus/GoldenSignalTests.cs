using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.Console.Prometheus;

namespace Telemetry.Console.Tests.Prometheus;

/// <summary>Golden signals against the calls themselves.</summary>
public sealed class GoldenSignalTests(ConsoleFixture console)
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_is_what_prometheus_reads_and_its_counters_are_the_calls()
    {
        string text = await console.Http.GetStringAsync(new Uri(console.Url, "/metrics"), _cancellation);

        Dictionary<string, double> samples = Exposition.Read(text);
        Assert.Equal(1, samples["telemetry_llm_signals_up{}"]);
        const string Labels = "service=\"checkout\",environment=\"production\",provider=\"openai\",model=\"gpt-4o-mini\",operation=\"chat\"";
        const string Where = "service = 'checkout' AND environment = 'production' AND provider = 'openai' AND model_requested = 'gpt-4o-mini' AND operation = 'chat'";
        Assert.Equal(double.Parse(await console.AskOneAsync($"SELECT sum(sign) FROM llm_calls WHERE {Where}"), CultureInfo.InvariantCulture), samples[$"telemetry_llm_calls_total{{{Labels}}}"]);
        Assert.Equal(double.Parse(await console.AskOneAsync($"SELECT sum(sign * toInt64(output_tokens)) FROM llm_calls WHERE {Where}"), CultureInfo.InvariantCulture), samples[$"telemetry_llm_tokens_total{{{Labels},kind=\"output\"}}"]);
        Assert.Equal(double.Parse(await console.AskOneAsync($"SELECT toFloat64(sum(toDecimal128(cost_usd, 12) * sign)) FROM llm_calls WHERE {Where}"), CultureInfo.InvariantCulture), samples[$"telemetry_llm_cost_usd_total{{{Labels}}}"], 6);
        Assert.Contains(samples.Keys, k => k.Contains("service=\"it's \\\"quoted\\\"\"", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, k => k.Contains("service=\"back\\\\slash\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("telemetry_llm_time_to_first_token_seconds", "ttft_ms")]
    [InlineData("telemetry_llm_call_duration_seconds", "duration_ms")]
    public async Task Buckets_count_the_calls_below_their_bounds_within_the_accuracy_of_the_sketch(string family, string column)
    {
        Dictionary<string, double> samples = Exposition.Read(await console.Http.GetStringAsync(new Uri(console.Url, "/metrics"), _cancellation));

        const string Labels = "service=\"search\",model=\"claude-sonnet-4-5\"";
        string from = $"FROM llm_calls WHERE service = 'search' AND model_requested = 'claude-sonnet-4-5' AND sign > 0 AND revision = 0 AND isNotNull({column})";
        Assert.Equal(await NumberAsync($"SELECT count() {from}"), samples[$"{family}_count{{{Labels}}}"]);
        double sum = await NumberAsync($"SELECT sum({column}) / 1000 {from}");
        Assert.InRange(samples[$"{family}_sum{{{Labels}}}"], sum * 0.98, sum * 1.02);
        foreach (double bound in (double[])[0.25, 0.5, 1, 2.5])
        {
            double least = await NumberAsync($"SELECT countIf({column} <= {(bound * 1000 / 1.021).ToString(CultureInfo.InvariantCulture)}) {from}");
            double most = await NumberAsync($"SELECT countIf({column} <= {(bound * 1000 * 1.021).ToString(CultureInfo.InvariantCulture)}) {from}");
            Assert.InRange(samples[$"{family}_bucket{{{Labels},le=\"{bound.ToString(CultureInfo.InvariantCulture)}\"}}"], least, most);
        }
    }

    [Fact]
    public async Task A_sketch_is_read_as_the_engine_writes_it_however_its_bins_lie()
    {
        foreach ((string values, double below, double count) in (IEnumerable<(string, double, double)>)
        [
            ("number + 1.0 FROM numbers(1000)", 100, 1000), ("toFloat64(pow(10, number % 7)) FROM numbers(700)", 300, 700), ("toFloat64(number % 2) FROM numbers(10)", 10, 10),
            ("toFloat64(number) - 3 FROM numbers(5)", 5, 5), ("toFloat64(number) FROM numbers(0)", 0, 0),
        ])
        {
            string hex = await console.AskOneAsync($"SELECT hex(quantilesDDState(0.01, 0.5, 0.9, 0.95, 0.99)(x)) FROM (SELECT {values.Replace(" FROM", " AS x FROM", StringComparison.Ordinal)})");
            var sketch = DdSketch.Read(Convert.FromHexString(hex));
            Assert.Equal(count, sketch.Count);
            Assert.InRange(sketch.CountBelow(100.5), below * 0.97, below * 1.03);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("02FD4A815ABF52F03F000000000000000001")]
    [InlineData("02FD4A815ABF52F03F0000000000000000010CFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0200000000000000000000000000000000010C00FEFFFFFF0F02030C00FEFFFFFF0F02040000000000000000")]
    public void What_is_no_sketch_is_refused(string hex) => Assert.Throws<InvalidDataException>(() => DdSketch.Read(Convert.FromHexString(hex)));

    [Fact]
    public async Task Counters_do_not_fall_when_calls_are_taken_back()
    {
        var clock = new ManualTime();
        using var signals = new GoldenSignals(new GoldenSignalOptions(), console.Reader, NullLogger<GoldenSignals>.Instance, clock);
        const string Row = "now64(9) - INTERVAL 1 MINUTE, 'cccccccccccccccccccccccccccccccc', lower(leftPad(hex(number), 16, 'c')), 'signals', 'signals', 'm', 'ok', 'reported', 1";
        await console.Writer.ExecuteAsync($"INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, status, tokens_source, cost_usd, sign) SELECT {Row}, 1 FROM numbers(10)", null, _cancellation);
        double before = Calls(await signals.ReadAsync(_cancellation));

        await console.Writer.ExecuteAsync($"INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, status, tokens_source, cost_usd, sign) SELECT {Row}, -1 FROM numbers(4)", null, _cancellation);
        double within = Calls(await signals.ReadAsync(_cancellation));
        clock.Advance(TimeSpan.FromMinutes(1));
        double after = Calls(await signals.ReadAsync(_cancellation));
        await console.Writer.ExecuteAsync($"INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, status, tokens_source, cost_usd, sign) SELECT {Row}, 1 FROM numbers(20)", null, _cancellation);
        clock.Advance(TimeSpan.FromMinutes(1));
        double later = Calls(await signals.ReadAsync(_cancellation));

        Assert.Equal((10, 10, 10, 26), (before, within, after, later));

        static double Calls(string text) => Exposition.Read(text).Single(s => s.Key.StartsWith("telemetry_llm_calls_total", StringComparison.Ordinal) && s.Key.Contains("service=\"signals\"", StringComparison.Ordinal)).Value;
    }

    [Fact]
    public async Task More_series_than_allowed_are_one_and_nothing_is_lost()
    {
        using var all = new GoldenSignals(new GoldenSignalOptions(), console.Reader, NullLogger<GoldenSignals>.Instance, TimeProvider.System);
        using var few = new GoldenSignals(new GoldenSignalOptions { MaxSeries = 3, MaxHistograms = 2 }, console.Reader, NullLogger<GoldenSignals>.Instance, TimeProvider.System);

        Dictionary<string, double> everything = Exposition.Read(await all.ReadAsync(_cancellation));
        Dictionary<string, double> folded = Exposition.Read(await few.ReadAsync(_cancellation));

        Assert.Equal(4, folded.Keys.Count(k => k.StartsWith("telemetry_llm_calls_total", StringComparison.Ordinal)));
        Assert.Equal(3, folded.Keys.Count(k => k.StartsWith("telemetry_llm_call_duration_seconds_count", StringComparison.Ordinal)));
        Assert.Contains(folded.Keys, k => k.Contains("service=\"(other)\"", StringComparison.Ordinal));
        Assert.InRange(Sum(folded), Sum(everything) - 50, Sum(everything) + 50);

        static double Sum(Dictionary<string, double> samples) => samples.Where(s => s.Key.StartsWith("telemetry_llm_calls_total", StringComparison.Ordinal)).Sum(s => s.Value);
    }

    [Fact]
    public async Task Without_clickhouse_the_page_says_so_and_the_rest_of_it_stands()
    {
        var nowhere = new ClickHouseClient(console.Http, new ClickHouseOptions { Url = new Uri("http://127.0.0.1:9") });
        using var signals = new GoldenSignals(new GoldenSignalOptions(), nowhere, NullLogger<GoldenSignals>.Instance, TimeProvider.System);

        Dictionary<string, double> samples = Exposition.Read(await signals.ReadAsync(_cancellation));

        Assert.Equal(0, Assert.Single(samples).Value);
    }

    private async Task<double> NumberAsync(string sql) => double.Parse(await console.AskOneAsync(sql), CultureInfo.InvariantCulture);

    private sealed class ManualTime : TimeProvider
    {
        private TimeSpan _advanced;

        public void Advance(TimeSpan by) => _advanced += by;

        public override long GetTimestamp() => _advanced.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
