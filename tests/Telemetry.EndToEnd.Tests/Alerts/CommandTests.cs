using System.Text.Json;
using Telemetry.Alerting.Tests.Support;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Alerts;

/// <summary><c>telemetry alerts</c> against a running process.</summary>
public sealed class CommandTests(AllInOneFixture fixture) : IClassFixture<AllInOneFixture>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shipped_rules_are_fine_and_wrong_ones_are_told_with_their_place()
    {
        JsonElement found = (await CommandLineRun.OfAsync("alerts", "check", "--json")).Json();
        Assert.Contains("error-rate", found.GetProperty("rules").EnumerateArray().Select(r => r.GetString()));
        using var directory = new TemporaryDirectory();
        string rules = Path.Combine(directory.Path, "r.yaml");
        await File.WriteAllTextAsync(rules, "rules:\n  - { name: a, metric: colour, operator: \">\", threshold: 1, window: 5m }\n", _cancellation);
        (await CommandLineRun.OfAsync("alerts", "check", "--rules", rules)).AssertRefused(2, "r.yaml:2:24: metric = \"colour\"; allowed: calls,");
        (await CommandLineRun.OfAsync("alerts", "test", "--rule", "nothing")).AssertRefused(1, "--rule \"nothing\"", "error-rate");
    }

    [Fact]
    public async Task A_test_notification_reaches_the_receiver()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var directory = new TemporaryDirectory();
        string channels = Path.Combine(directory.Path, "c.yaml");
        await File.WriteAllTextAsync(channels, $"channels:\n  - {{ name: a, type: webhook, url: \"{receiver.Url}\", allow_private: true }}\n  - {{ name: b, type: webhook, url: \"{receiver.Url}\" }}\n", _cancellation);
        JsonElement outcome = (await CommandLineRun.OfAsync("alerts", "send-test", "--channels", channels, "--channel", "a", "--json")).Json();
        Assert.True(outcome[0].GetProperty("taken").GetBoolean());
        Assert.Equal(["test", "resolved"], receiver.Received.SelectMany(r => r.Kinds));
        CommandLineRun refused = await CommandLineRun.OfAsync("alerts", "send-test", "--channels", channels);
        Assert.Equal(1, refused.Code);
        Assert.Contains("is in a private network", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incidents_are_listed_acknowledged_and_silenced()
    {
        string connection = fixture.Process.ClickHouse.ToString();
        JsonElement silence = (await CommandLineRun.OfAsync("alerts", "silence", "rule=dead*", "--for", "1h", "--comment", "test", "--json", "--clickhouse", connection)).Json();
        await fixture.Process.AskAsync("INSERT INTO dead_letters (at, topic, reason, record) SELECT now() - 1, 'llm.spans', 'broken', ''", _cancellation);
        await fixture.Process.AskUntilAsync("SELECT rule, state, silenced FROM alert_incidents_now WHERE rule = 'dead-letters'", "dead-letters\tfiring\ttrue", Bound, _cancellation);

        JsonElement incident = Assert.Single((await CommandLineRun.OfAsync("alerts", "list", "--json", "--clickhouse", connection)).Json().EnumerateArray(), i => i.GetProperty("rule").GetString() == "dead-letters");
        string id = incident.GetProperty("id").GetString()!;
        (await CommandLineRun.OfAsync("alerts", "ack", "ffff", "--clickhouse", connection)).AssertRefused(1, "no single incident \"ffff\"");
        (await CommandLineRun.OfAsync("alerts", "ack", id[..12], "--by", "grace", "--json", "--clickhouse", connection)).Json();
        await fixture.Process.AskUntilAsync($"SELECT state, acknowledged_by FROM alert_incidents_now WHERE incident_id = '{id}'", "acknowledged\tgrace", Bound, _cancellation);

        (await CommandLineRun.OfAsync("alerts", "silence", "colour=red", "--for", "1h", "--comment", "x", "--clickhouse", connection)).AssertRefused(1, "\"colour=red\" is no matcher");
        (await CommandLineRun.OfAsync("alerts", "unsilence", silence.GetProperty("id").GetString()!, "--json", "--clickhouse", connection)).Json();
        Assert.Empty((await CommandLineRun.OfAsync("alerts", "silences", "--json", "--clickhouse", connection)).Json().EnumerateArray());
        JsonElement history = (await CommandLineRun.OfAsync(
            "alerts", "test", "--rule", "dead-letters", "--from", TimeProvider.System.GetUtcNow().AddMinutes(-5).ToString("o"), "--to", TimeProvider.System.GetUtcNow().AddMinutes(1).ToString("o"), "--json", "--clickhouse", connection)).Json();
        Assert.Equal("fired", history[0].GetProperty("change").GetString());
    }
}
