using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Telemetry.Hosting.Yaml;

/// <summary>One YAML file and what is wrong in it.</summary>
public sealed class YamlFile(string name, List<string> errors)
{
    private const int LongestValueShown = 80;

    /// <summary>The top level of a file; null when it is empty or no YAML, which is noted.</summary>
    public YamlFields? Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            errors.Add($"{name}:{e.Start.Line}:{e.Start.Column}: no YAML: {e.Message}");
            return null;
        }

        if (stream.Documents.Count == 0)
        {
            return null;
        }

        return Fields(stream.Documents[0].RootNode, "file");
    }

    /// <summary>The fields of a mapping; null when it is none, which is noted.</summary>
    public YamlFields? Fields(YamlNode node, string field)
    {
        if (node is YamlMappingNode mapping)
        {
            return new YamlFields(this, mapping);
        }

        Note(node, field, "fields, each as \"name: value\"");
        return null;
    }

    /// <summary>Notes an error at a node.</summary>
    public void Note(YamlNode node, string field, string allowed)
    {
        string text = node is YamlScalarNode scalar ? scalar.Value ?? "" : node is YamlSequenceNode ? "(a list)" : "(fields)";
        string shown = text.Length > LongestValueShown ? text[..LongestValueShown] + "..." : text;
        errors.Add($"{Place(node)}: {field} = \"{shown}\"; allowed: {allowed}");
    }

    /// <summary>Notes that something is missing in or wrong with a whole mapping.</summary>
    public void NoteAt(YamlNode node, string message) => errors.Add($"{Place(node)}: {message}");

    /// <summary>File, line and column.</summary>
    public string Place(YamlNode node) => $"{name}:{node.Start.Line}:{node.Start.Column}";
}
