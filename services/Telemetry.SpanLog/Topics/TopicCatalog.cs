using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Telemetry.SpanLog.Topics;

/// <summary>The topics that the span log knows, read from <c>topics.yaml</c>. Every error names file, line, value and what is allowed.</summary>
public sealed class TopicCatalog
{
    private static readonly string[] NumericSettings =
        ["retention.ms", "retention.bytes", "max.message.bytes", "min.insync.replicas", "segment.bytes", "segment.ms"];

    private const int ProcessorsOfPartition = 4;
    private const int MostLocalPartitions = 8;

    private readonly Dictionary<string, TopicSettings> _topics = new(StringComparer.Ordinal);
    private readonly string _source;

    private TopicCatalog(string source) => _source = source;

    // Every partition has a commit and a batch of its own, so more than the processors can work on only cost.
    private static int LocalPartitions => Math.Clamp(Environment.ProcessorCount / ProcessorsOfPartition, 1, MostLocalPartitions);

    /// <summary>All topics.</summary>
    public IReadOnlyCollection<TopicSettings> Topics => _topics.Values;

    /// <summary>The topic's settings. Throws <see cref="SpanLogException"/> when it is not in the file.</summary>
    public TopicSettings Get(string topic) =>
        _topics.TryGetValue(topic, out TopicSettings? settings)
            ? settings
            : throw new SpanLogException($"topic \"{topic}\" is not in {_source}; known: {string.Join(", ", _topics.Keys)}");

    /// <summary>Reads the built-in file, or the file that the options name, and lays the options' overrides over it.</summary>
    public static TopicCatalog Load(SpanLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TopicCatalog catalog;
        if (options.TopicsFile.Length == 0)
        {
            using Stream stream = typeof(TopicCatalog).Assembly.GetManifestResourceStream("topics.yaml")!;
            using var reader = new StreamReader(stream);
            catalog = Parse(reader, "topics.yaml (built in)");
        }
        else
        {
            try
            {
                using var reader = new StreamReader(options.TopicsFile);
                catalog = Parse(reader, options.TopicsFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SpanLogException($"Telemetry:SpanLog:TopicsFile = \"{options.TopicsFile}\": {e.Message}", e);
            }
        }

        catalog.Override(options);
        return catalog;
    }

    /// <summary>Parses the text of a topics file.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">Name of the text in error messages.</param>
    public static TopicCatalog Parse(TextReader reader, string source)
    {
        var catalog = new TopicCatalog(source);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new SpanLogException($"{source}:{e.Start.Line}: not valid YAML: {e.InnerException?.Message ?? e.Message}", e);
        }

        if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new SpanLogException($"{source}:1: expected one mapping with the key \"topics\"");
        }

        YamlNode list = catalog.Fields(root, "topics")["topics"];
        foreach (YamlNode node in list as YamlSequenceNode ?? throw catalog.Error(list, "\"topics\" must be a list"))
        {
            catalog.AddTopic(node as YamlMappingNode ?? throw catalog.Error(node, "a topic must be a mapping"));
        }

        return catalog;
    }

    private void AddTopic(YamlMappingNode node)
    {
        Dictionary<string, YamlNode> fields = Fields(node, "name", "partitions", "replication_factor", "settings");
        string name = Text(fields["name"], "name");
        if (name.Length is 0 or > 200 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) || name is "." or "..")
        {
            throw Error(fields["name"], $"name = \"{name}\": 1 to 200 of letters, digits, '.', '_' and '-' are allowed");
        }

        int partitions = (int)Number(fields["partitions"], "partitions", 1, 1024);
        short replicas = (short)Number(fields["replication_factor"], "replication_factor", 1, 16);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in fields["settings"] as YamlMappingNode ?? throw Error(fields["settings"], "\"settings\" must be a mapping"))
        {
            string setting = Text(key, "setting name");
            settings[setting] = NumericSettings.Contains(setting)
                ? Number(value, setting, -1, long.MaxValue).ToString(CultureInfo.InvariantCulture)
                : Text(value, setting);
        }

        if (!_topics.TryAdd(name, new TopicSettings(name, partitions, replicas, settings)))
        {
            throw Error(fields["name"], $"topic \"{name}\" stands twice");
        }
    }

    private Dictionary<string, YamlNode> Fields(YamlMappingNode node, params string[] names)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in node)
        {
            string name = Text(key, "key");
            if (!names.Contains(name))
            {
                throw Error(key, $"unknown key \"{name}\"; allowed: {string.Join(", ", names)}");
            }

            fields[name] = value;
        }

        string? missing = names.FirstOrDefault(n => !fields.ContainsKey(n));
        return missing is null ? fields : throw Error(node, $"\"{missing}\" is missing");
    }

    private string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } value } ? value : throw Error(node, $"{what} must be a single value");

    private long Number(YamlNode node, string what, long min, long max)
    {
        string text = Text(node, what);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max
            ? value
            : throw Error(node, $"{what} = \"{text}\": a whole number between {min} and {max} is expected");
    }

    private SpanLogException Error(YamlNode node, string message) => new($"{_source}:{node.Start.Line}: {message}");

    private void Override(SpanLogOptions options)
    {
        int partitions = options.Partitions > 0 ? options.Partitions : options.Kind == SpanLogKind.Local ? LocalPartitions : 0;
        foreach (TopicSettings topic in _topics.Values.ToList())
        {
            var settings = new Dictionary<string, string>(topic.Settings, StringComparer.Ordinal);
            short replicas = options.ReplicationFactor > 0 ? (short)options.ReplicationFactor : topic.ReplicationFactor;
            if (settings.TryGetValue("min.insync.replicas", out string? insync) && int.Parse(insync, CultureInfo.InvariantCulture) > replicas)
            {
                settings["min.insync.replicas"] = replicas.ToString(CultureInfo.InvariantCulture);
            }

            int count = partitions > 0 && topic.Partitions > 1 ? partitions : topic.Partitions;
            _topics[topic.Name] = topic with { Partitions = count, ReplicationFactor = replicas, Settings = settings };
        }
    }
}
