using System.Reflection;
using YamlDotNet.Serialization;

namespace Telemetry.EndToEnd.Tests.Deployment;

/// <summary>What the tests need to know of <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<string, object> _root;

    private ComposeFile(Dictionary<string, object> root) => _root = root;

    public IEnumerable<string> ServiceNames => Section(_root, "services").Keys.Select(k => (string)k);

    public static ComposeFile Read()
    {
        IDeserializer deserializer = new DeserializerBuilder().Build();
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(File.ReadAllText(Path.Combine(RepositoryRoot, "docker-compose.yml")))));
        return new ComposeFile(deserializer.Deserialize<Dictionary<string, object>>(parser));
    }

    public static string RepositoryRoot { get; } = typeof(ComposeFile).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public Dictionary<object, object> Service(string name) => Section(Section(_root, "services"), name);

    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Section(Service(service), "environment").ToDictionary(e => (string)e.Key, e => (string)e.Value, StringComparer.Ordinal);

    /// <summary>Container ports of a service.</summary>
    public IEnumerable<int> Ports(string service) => !Service(service).TryGetValue("ports", out object? ports)
        ? []
        : ((List<object>)ports).Select(p => int.Parse(((string)p).Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture));

    public string? BuildArgument(string service, string name) =>
        Service(service).TryGetValue("build", out object? build) ? (string)Section((Dictionary<object, object>)build, "args")[name] : null;

    public IEnumerable<string> Volumes => Section(_root, "volumes").Keys.Select(k => (string)k);

    public static Dictionary<object, object> Section(Dictionary<object, object> parent, string key) => (Dictionary<object, object>)parent[key];

    private static Dictionary<object, object> Section(Dictionary<string, object> parent, string key) => (Dictionary<object, object>)parent[key];
}
