using System.Net;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.Keys;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Keys on the running program: whose a call is in every table, and that tenants do not touch each other.</summary>
public sealed class TenantTests
{
    private const string Trace = "00000000000000000000000000000abc";
    private const string Agent = "0000000000000001";
    private const string Call = "0000000000000002";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_tenants_with_the_same_ids_are_billed_each_for_its_own_also_after_a_kill()
    {
        using var data = new TemporaryDirectory();
        string file = Path.Combine(data.Path, "keys.json");
        string acme = Create(file, "acme");
        string globex = Create(file, "globex");
        string keys = $"Collector:Keys:File={file}";
        await using (AllInOneProcess first = await AllInOneProcess.StartAsync(data.Path, _cancellation, keys))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(first, KeyText.Create(), OtlpJson.Span(Trace, Agent, Start, "", "invoke_agent")));
            Assert.Equal(HttpStatusCode.OK, await SendAsync(first, acme, OtlpJson.Span(Trace, Agent, Start, "", "invoke_agent")));
            Assert.Equal(HttpStatusCode.OK, await SendAsync(first, globex, OtlpJson.Span(Trace, Call, Start.AddMilliseconds(10), Agent, "chat")));
            await first.AskUntilAsync("SELECT tenant, span_id, sign FROM llm_calls ORDER BY tenant", $"acme\t{Agent}\t1\nglobex\t{Call}\t1", Bound, _cancellation);
            await first.Service.KillAsync();
        }

        await using AllInOneProcess second = await AllInOneProcess.StartAsync(data.Path, _cancellation, keys);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(second, globex, OtlpJson.Span(Trace, Call, Start.AddMilliseconds(10), Agent, "chat")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(second, acme, OtlpJson.Span(Trace, Call, Start.AddMilliseconds(10), Agent, "chat")));
        await second.AskUntilAsync("SELECT tenant, sum(calls) FROM llm_rollup_1h GROUP BY tenant ORDER BY tenant", "acme\t1\nglobex\t1", Bound, _cancellation);
        await second.AskUntilAsync("SELECT tenant, span_id FROM llm_calls GROUP BY tenant, span_id HAVING sum(sign) > 0 ORDER BY tenant", $"acme\t{Call}\nglobex\t{Call}", Bound, _cancellation);
        await second.AskUntilAsync("SELECT tenant, span_id, not_billed_because FROM llm_spans", $"acme\t{Agent}\twrapper", Bound, _cancellation);
    }

    [Theory]
    [InlineData("Telemetry.Collector", "127.0.0.1", null, "Telemetry:Collector:Keys:File: needed")]
    [InlineData("Telemetry.Collector", "0.0.0.0", "true", "allowed only with Telemetry:Collector:BindAddress on loopback")]
    [InlineData("Telemetry.AllInOne", "*", null, "Telemetry:Collector:Keys:File: needed")]
    [InlineData("Telemetry.AllInOne", "127.0.0.1", "false", "Telemetry:Collector:Keys:File: needed")]
    public async Task Nobody_listens_without_keys_but_on_loopback_when_asked(string service, string address, string? open, string expected)
    {
        using var data = new TemporaryDirectory();
        string[] settings = [.. AllInOneProcess.Settings(data.Path).Where(s => service != "Telemetry.Collector" || !s.StartsWith("Embedded", StringComparison.Ordinal)), $"Collector:BindAddress={address}"];
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting(service, open is null ? settings : [.. settings, $"Collector:Keys:Open={open}"]);
        await process.WaitForExitAsync(Bound, _cancellation);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(expected, process.Log, StringComparison.Ordinal);
    }

    private static string Create(string file, string tenant) => KeyFile.Change(file, set =>
    {
        (KeySet changed, _, string key) = set.Create(tenant, "", KeyScopes.All, TimeProvider.System.GetUtcNow(), null);
        return (changed, key);
    });

    private async Task<HttpStatusCode> SendAsync(AllInOneProcess process, string key, object span)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("x-api-key", key);
        using HttpResponseMessage answer = await client.PostAsync(
            new Uri(process.Http, "/v1/traces"), new StringContent(OtlpJson.Request("tenants", span), Encoding.UTF8, "application/json"), _cancellation);
        return answer.StatusCode;
    }
}
