using System.Security.Cryptography;
using Telemetry.EndToEnd.Tests.Exporters;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A span goes in by each transport; a priced call and its rollups come out.</summary>
public sealed class OneSpanTests(AllInOneFixture fixture) : IClassFixture<AllInOneFixture>
{
    // gpt-4o-mini: 0.15 / 0.075 / 0.60 USD per million input / cached input / output tokens.
    // 200 * 0.15 + 1000 * 0.075 + 300 * 0.60 = 285 millionths of a dollar.
    private const string ExpectedCost = "0.000285";

    // How soon is measured under load (docs/performance.md); here only that it comes.
    private static readonly TimeSpan VisibleWithin = TimeSpan.FromSeconds(30);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_span_sent_as_json_is_a_priced_call_and_in_the_rollup()
    {
        string trace = NewTraceId();
        string service = $"json-{trace[..8]}";

        using HttpResponseMessage answer = await fixture.Process.PostTracesAsync(
            OtlpJson.Chat(trace, "00f067aa0ba902b7", service, TimeProvider.System.GetUtcNow()), _cancellation);

        Assert.True(answer.IsSuccessStatusCode);
        await AssertPricedAsync(trace, service);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("proto")]
    [InlineData("http")]
    public async Task A_span_of_the_npm_exporter_is_a_priced_call_and_in_the_rollup(string exporter)
    {
        string service = $"npm-{exporter}-{NewTraceId()[..8]}";
        Uri endpoint = exporter == "grpc" ? fixture.Process.Grpc : new Uri(fixture.Process.Http, "/v1/traces");

        string trace = await NodeExporter.SendChatAsync(exporter, endpoint, service, _cancellation);

        await AssertPricedAsync(trace, service);
    }

    [Fact]
    public async Task A_body_that_is_not_otlp_is_refused_with_the_field_named()
    {
        using HttpResponseMessage answer = await fixture.Process.PostTracesAsync("{\"resourceSpans\": 7}", _cancellation);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("resourceSpans", await answer.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
    }

    private async Task AssertPricedAsync(string trace, string service)
    {
        await fixture.Process.AskUntilAsync(
            $"SELECT provider, model_requested, model_answered, input_tokens, cached_tokens, output_tokens, toString(cost_usd), ttft_ms, status FROM llm_calls WHERE trace_id = '{trace}'",
            $"openai\tgpt-4o-mini\tgpt-4o-mini-2024-07-18\t1200\t1000\t300\t{ExpectedCost}\t300\tok",
            VisibleWithin, _cancellation);
        await fixture.Process.AskUntilAsync(
            $"SELECT sum(calls), sum(input_tokens), sum(cost_usd) FROM llm_rollup_1m WHERE service = '{service}'",
            $"1\t1200\t{ExpectedCost}",
            VisibleWithin, _cancellation);
    }

    private static string NewTraceId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>One AllInOne for the tests of a class.</summary>
public sealed class AllInOneFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();

    internal AllInOneProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await AllInOneProcess.StartAsync(_data.Path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _data.Dispose();
    }
}
