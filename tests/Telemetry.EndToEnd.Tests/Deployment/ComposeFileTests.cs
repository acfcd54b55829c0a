using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Process;

namespace Telemetry.EndToEnd.Tests.Deployment;

/// <summary>No Docker engine is needed to know that the compose file and the code agree.</summary>
public sealed class ComposeFileTests
{
    private static readonly Dictionary<string, ServiceDefinition> Definitions = new(StringComparer.Ordinal)
    {
        ["Telemetry.Alerting"] = Alerting.AlertingProcess.Define(),
        ["Telemetry.Collector"] = Collector.CollectorProcess.Define(),
        ["Telemetry.Console"] = Telemetry.Console.ConsoleProcess.Define(),
        ["Telemetry.Processor"] = Processor.ProcessorProcess.Define(),
    };

    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public void Every_setting_of_our_services_is_known_and_valid()
    {
        string[] ours = [.. _compose.ServiceNames.Where(s => _compose.BuildArgument(s, "SERVICE") is not null)];
        Assert.Equal(["alerting", "collector", "console", "processor"], ours.Order());
        foreach (string service in ours)
        {
            IEnumerable<KeyValuePair<string, string?>> settings = _compose.Environment(service)
                .Where(e => e.Key.StartsWith("Telemetry__", StringComparison.Ordinal))
                .Select(e => KeyValuePair.Create(e.Key.Replace("__", ":", StringComparison.Ordinal), (string?)e.Value));
            var reader = new OptionsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            reader.Read<ServiceOptions>(ServiceOptions.Section);

            Definitions[_compose.BuildArgument(service, "SERVICE")!].Build(new ServiceContext(reader, NullLoggerFactory.Instance, TimeProvider.System));

            reader.RefuseUnreadSections("Telemetry");
            reader.ThrowIfInvalid();
        }
    }

    [Fact]
    public void Published_and_probed_ports_are_the_defaults_of_the_options()
    {
        var collector = new Collector.CollectorOptions();
        Assert.Equal([collector.Grpc.Port, collector.Http.Port], _compose.Ports("collector"));
        Assert.Equal([8123], _compose.Ports("clickhouse"));
        Assert.Equal([new Hosting.Health.OperationsOptions().Port], _compose.Ports("console"));
        Assert.Contains(":8123", _compose.Environment("processor")["Telemetry__ClickHouse__Url"], StringComparison.Ordinal);
        foreach (string service in (string[])["alerting", "collector", "console", "processor"])
        {
            string probe = string.Join(' ', (List<object>)ComposeFile.Section(_compose.Service(service), "healthcheck")["test"]);
            Assert.Contains($":{_compose.Environment(service)["Telemetry__Operations__Port"]}/readyz", probe, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_service_restarts_and_says_whether_it_is_healthy() => Assert.All(_compose.ServiceNames, name =>
    {
        Assert.Equal("unless-stopped", _compose.Service(name)["restart"]);
        Assert.True(_compose.Service(name).ContainsKey("healthcheck"), name);
    });

    [Fact]
    public void No_password_is_written_into_the_file() => Assert.All(
        _compose.ServiceNames.SelectMany(s => _compose.Environment(s)).Where(e => e.Key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase)),
        e => Assert.StartsWith("${", e.Value, StringComparison.Ordinal));

    [Fact]
    public void Every_mounted_volume_is_declared_and_every_mounted_file_exists()
    {
        foreach (string mount in _compose.ServiceNames.Select(_compose.Service).Where(s => s.ContainsKey("volumes")).SelectMany(s => (List<object>)s["volumes"]))
        {
            string source = mount.Split(':')[0];
            bool exists = source.StartsWith("./", StringComparison.Ordinal)
                ? Path.Exists(Path.Combine(ComposeFile.RepositoryRoot, source))
                : _compose.Volumes.Contains(source);
            Assert.True(exists, mount);
        }
    }

    [Fact]
    public void The_dockerfile_builds_projects_that_exist_into_images_that_compose_names()
    {
        string dockerfile = File.ReadAllText(Path.Combine(ComposeFile.RepositoryRoot, "Dockerfile"));
        foreach (string service in (string[])["alerting", "collector", "console", "processor"])
        {
            var build = ComposeFile.Section(_compose.Service(service), "build");
            Assert.Contains($" AS {build["target"]}", dockerfile, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Path.Combine(ComposeFile.RepositoryRoot, "services", _compose.BuildArgument(service, "SERVICE")!)));
        }
    }
}
