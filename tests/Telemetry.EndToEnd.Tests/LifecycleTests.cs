using System.Net;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

public sealed class LifecycleTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_right_after_an_acknowledgement_drains_ends_with_0_and_loses_nothing()
    {
        using var data = new TemporaryDirectory();
        await using (AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            using HttpResponseMessage answer = await process.PostTracesAsync(
                OtlpJson.Chat(new string('a', 32), "00f067aa0ba902b7", "drain", TimeProvider.System.GetUtcNow()), _cancellation);
            Assert.True(answer.IsSuccessStatusCode);

            Assert.Equal(0, await process.Service.StopAsync(Bound, _cancellation));
        }

        await using AllInOneProcess again = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await again.AskUntilAsync("SELECT count() FROM llm_calls WHERE service = 'drain'", "1", Bound, _cancellation);
    }

    [Fact]
    public async Task Readiness_names_every_part()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.GetAsync(new Uri(process.Operations, "/readyz"), _cancellation);

        string text = await answer.Content.ReadAsStringAsync(_cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        string[] checks = [.. JsonDocument.Parse(text).RootElement.GetProperty("checks").EnumerateObject().Select(c => c.Name)];
        Assert.Contains("span_log", checks);
        Assert.Contains("clickhouse", checks);
    }

    [Fact]
    public async Task Wrong_settings_end_the_start_with_every_error_and_exit_code_2()
    {
        using var data = new TemporaryDirectory();
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting(
            "Telemetry.AllInOne", [.. AllInOneProcess.Settings(data.Path), "Collector:Http:Port=70000", "SpanLog:Kind=Paper", "Nonsense:Key=1"]);

        await process.WaitForExitAsync(Bound, _cancellation);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("Telemetry:Collector:Http:Port = \"70000\"", process.Log, StringComparison.Ordinal);
        Assert.Contains("Telemetry:SpanLog:Kind = \"Paper\": not one of Local, Kafka", process.Log, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Nonsense: unknown key", process.Log, StringComparison.Ordinal);
    }
}
