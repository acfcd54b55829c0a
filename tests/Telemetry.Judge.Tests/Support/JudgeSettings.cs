using Telemetry.ClickHouse.Client;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Support;

/// <summary>Settings and files of a judge that is a process of its own.</summary>
internal sealed class JudgeSettings : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    public JudgeSettings(string rules) => File.WriteAllText(SamplingPath, rules);

    public string SamplingPath => Path.Combine(_files.Path, "sampling.yaml");

    public const string All = "rules:\n  - { name: all, share: 100%, rubrics: [relevance] }\n";

    public Task<ServiceProcess> StartAsync(JudgeServer server, ClickHouseClient client, CancellationToken cancellation, params IEnumerable<string> more) => ServiceProcess.StartAsync(
        "Telemetry.Judge",
        [
            "Operations:Port=0", $"ClickHouse:Url={client.Options.Url}", $"ClickHouse:Database={client.Options.Database}", $"Judge:SamplingPath={SamplingPath}",
            $"Judge:Endpoint:Url={server.Url}", "Judge:Endpoint:Model=judge-model", "Judge:Endpoint:AllowPrivate=true", "Judge:Endpoint:InputUsdPerMillion=1", "Judge:Endpoint:OutputUsdPerMillion=1",
            "Judge:Endpoint:RequestsPerMinute=10000", "Judge:LeaseDuration=00:00:15", "Judge:Grace=00:00:00", "Judge:Burst=100", .. more,
        ],
        cancellation);

    public void Dispose() => _files.Dispose();
}
