using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Support;

/// <summary>Settings and files of Alerting for a test.</summary>
internal sealed class Service : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    /// <summary>Fires for each service without calls on purpose: whatever is in <c>dead_letters</c> decides.</summary>
    public const string OnDeadLetters = "rules:\n  - { name: letters, metric: dead_letters, operator: \">\", threshold: 0, window: 1h }\n";

    public Service(string rules, string channels)
    {
        File.WriteAllText(RulesPath, rules);
        File.WriteAllText(ChannelsPath, channels);
    }

    public string RulesPath => Path.Combine(_files.Path, "rules.yaml");

    public string ChannelsPath => Path.Combine(_files.Path, "channels.yaml");

    public AlertingService Create(ClickHouseClient client, string instance = "one") => new(
        new AlertingOptions
        {
            RulesPath = RulesPath,
            ChannelsPath = ChannelsPath,
            EvaluateEvery = TimeSpan.FromSeconds(1),
            LeaseDuration = TimeSpan.FromSeconds(5),
            Instance = instance,
        },
        client, [], NullLoggerFactory.Instance, TimeProvider.System);

    public static string Webhook(string name, Uri url, string more = "") => $"  - {{ name: {name}, type: webhook, url: \"{url}\", default: true, allow_private: true{more} }}\n";

    /// <summary>Makes the condition of <see cref="OnDeadLetters"/> hold.</summary>
    public static Task BreakAsync(ClickHouseClient client, CancellationToken cancellation) =>
        client.ExecuteAsync("INSERT INTO dead_letters (at, topic, reason, record) SELECT now() - 1, 'llm.spans', 'broken', ''", null, cancellation);

    /// <summary>Makes it hold no more.</summary>
    public static Task MendAsync(ClickHouseClient client, CancellationToken cancellation) => client.ExecuteAsync("TRUNCATE TABLE dead_letters", null, cancellation);

    public void Dispose() => _files.Dispose();
}
