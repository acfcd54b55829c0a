using System.Text.Json;
using Telemetry.Alerting.Tests.Support;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Alerts;

/// <summary>
/// A provider turns slow, erroring, expensive or silent, and well again; a receiver hears of each exactly once when it begins and once when it is over. The windows
/// are shorter than the shipped ones: 20 s, and 8 s of silence, evaluated every 2 s.
/// </summary>
public sealed class AlertTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<Behaviour, string> Services = new()
    {
        [Behaviour.Slow] = "slow-app",
        [Behaviour.Erroring] = "erroring-app",
        [Behaviour.Expensive] = "expensive-app",
        [Behaviour.Silent] = "silent-app",
    };

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_provider_does_to_calls_is_told_once_with_traces_and_its_end_once()
    {
        using var data = new TemporaryDirectory();
        await using Receiver receiver = await Receiver.StartAsync();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation, await SettingsAsync(data.Path, receiver.Url));
        await using var provider = new Provider(process, Services);
        provider.Start();
        await process.AskUntilAsync("SELECT uniqExact(service) FROM llm_calls WHERE service LIKE '%-app'", "4", Bound, _cancellation);
        await process.AskUntilAsync("SELECT min(n) >= 20 FROM (SELECT count() AS n FROM llm_calls GROUP BY service)", "1", Bound, _cancellation);
        Assert.Empty(receiver.Received);

        provider.IsFaulty = true;
        DateTimeOffset fault = TimeProvider.System.GetUtcNow();
        IReadOnlyDictionary<string, JsonElement> fired = await HeardAsync(receiver, "fired", fault);
        foreach ((Behaviour behaviour, string service) in Services)
        {
            JsonElement incident = fired[behaviour.ToString().ToLowerInvariant()];
            Assert.Equal(service, incident.GetProperty("labels").GetProperty("service").GetString());
            string[] traces = [.. incident.GetProperty("trace_ids").EnumerateArray().Select(t => t.GetString()!)];
            Assert.NotEmpty(traces);
            string known = await process.AskAsync($"SELECT uniqExact(trace_id) FROM llm_calls WHERE service = '{service}' AND trace_id IN ('{string.Join("', '", traces)}')", _cancellation);
            Assert.Equal(traces.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), known);
        }

        provider.IsFaulty = false;
        IReadOnlyDictionary<string, JsonElement> resolved = await HeardAsync(receiver, "resolved", TimeProvider.System.GetUtcNow());
        Assert.All(resolved, r => Assert.Equal(fired[r.Key].GetProperty("id").GetString(), r.Value.GetProperty("id").GetString()));

        // Detection has looked meanwhile, without trouble.
        using var http = new HttpClient();
        using JsonDocument ready = JsonDocument.Parse(await http.GetStringAsync(new Uri(process.Operations, "/readyz"), _cancellation));
        Assert.Equal(0, ready.RootElement.GetProperty("figures").GetProperty("alerting").GetProperty("failing_tasks").GetInt64());

        // Nothing more is owed, and nothing was told twice.
        await process.AskUntilAsync("SELECT (SELECT count() FROM alert_deliveries WHERE outcome = 'delivered'), (SELECT count() FROM alert_notifications_owed)", "8\t0", Bound, _cancellation);
        Assert.Equal(8, receiver.Received.Count);
        Assert.Equal("0", await process.AskAsync("SELECT count() FROM alert_incidents_now WHERE state != 'resolved'", _cancellation));
    }

    private async Task<IReadOnlyDictionary<string, JsonElement>> HeardAsync(Receiver receiver, string kind, DateTimeOffset since)
    {
        Dictionary<string, JsonElement> heard = await Processes.Eventually.GetAsync(
            () => Task.FromResult(receiver.Received.SelectMany(r => r.Json.GetProperty("notifications").EnumerateArray())
                .Where(n => n.GetProperty("kind").GetString() == kind)
                .SelectMany(n => n.GetProperty("incidents").EnumerateArray())
                .GroupBy(i => i.GetProperty("rule").GetString()!)
                .ToDictionary(g => g.Key, g => g.First())),
            incidents => incidents.Count == Services.Count, Bound, _cancellation);
        output.WriteLine($"{kind}: all four heard after {(TimeProvider.System.GetUtcNow() - since).TotalSeconds:0.0} s");
        return heard;
    }

    private async Task<string[]> SettingsAsync(string data, Uri receiver)
    {
        string rules = Path.Combine(data, "rules.yaml");
        string channels = Path.Combine(data, "channels.yaml");
        await File.WriteAllTextAsync(
            rules,
            """
            rules:
              - { name: slow, metric: ttft_p95, operator: ">", threshold: 1000, window: 20s, min_samples: 10, group_by: [service], keep_firing_for: 4s }
              - { name: erroring, metric: error_rate, operator: ">", threshold: 20%, window: 20s, min_samples: 10, group_by: [service], keep_firing_for: 4s }
              - { name: expensive, metric: cost_per_request, operator: ">", threshold: 0.001, window: 20s, min_samples: 10, group_by: [service], keep_firing_for: 4s }
              - { name: silent, metric: silence, operator: ">", threshold: 8, window: 5m, min_samples: 10, group_by: [service], keep_firing_for: 4s }
            """,
            _cancellation);
        await File.WriteAllTextAsync(channels, $"channels:\n  - {{ name: receiver, type: webhook, url: \"{receiver}\", default: true, allow_private: true }}\n", _cancellation);
        return [$"Alerting:RulesPath={rules}", $"Alerting:ChannelsPath={channels}", "Alerting:EvaluateEvery=00:00:02"];
    }
}
