using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Hosting.Health;

namespace Telemetry.Hosting.Tests.Health;

public sealed class OperationsServerTests
{
    [Fact]
    public async Task Readiness_names_every_part_and_turns_with_its_reason()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string? reason = "the span log is full";
        await using var server = new OperationsServer(
            new OperationsOptions { Port = 0 },
            [new ReadinessCheck("span_log", () => reason), new ReadinessCheck("clickhouse", () => null), new ReadinessCheck("lag", () => null, () => new Dictionary<string, long?> { ["llm.spans/0"] = 7 })],
            NullLoggerFactory.Instance);
        await server.StartAsync(cancellation);
        using var client = new HttpClient { BaseAddress = server.Url };

        using HttpResponseMessage notReady = await client.GetAsync("/readyz", cancellation);
        JsonElement answer = JsonDocument.Parse(await notReady.Content.ReadAsStringAsync(cancellation)).RootElement;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.False(answer.GetProperty("ready").GetBoolean());
        Assert.Equal("the span log is full", answer.GetProperty("checks").GetProperty("span_log").GetString());
        Assert.Equal("ok", answer.GetProperty("checks").GetProperty("clickhouse").GetString());

        Assert.Equal(7, answer.GetProperty("figures").GetProperty("lag").GetProperty("llm.spans/0").GetInt64());
        Assert.False(answer.GetProperty("figures").TryGetProperty("span_log", out _));

        reason = null;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz", cancellation)).StatusCode);
        Assert.Equal("ok\n", await client.GetStringAsync("/healthz", cancellation));
    }
}
