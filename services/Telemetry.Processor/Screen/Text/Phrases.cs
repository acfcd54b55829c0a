using System.Text;
using YamlDotNet.RepresentationModel;

namespace Telemetry.Processor.Screen.Text;

/// <summary>The phrases of <c>schemas/screening/phrases.yaml</c>, which is built into the program.</summary>
internal sealed class Phrases
{
    private static readonly Lazy<Phrases> Shared = new(Load);

    private Phrases(YamlMappingNode root)
    {
        Refusals = [.. ((YamlMappingNode)root["refusals"]).SelectMany(language => Texts(language.Value).Select(text => (text, "phrase:" + language.Key)))];
        Openers = [.. Texts(root["openers"])];
        Injections = new WordPatterns([.. Scalars(root["injections"]).Select(WordPattern.Parse)]);
        Marks = [.. Texts(root["marks"])];
    }

    /// <summary>The phrases, read once.</summary>
    public static Phrases Known => Shared.Value;

    /// <summary>How answers decline, and the evidence to note.</summary>
    public (byte[] Text, string Evidence)[] Refusals { get; }

    /// <summary>What may stand before.</summary>
    public byte[][] Openers { get; }

    /// <summary>How prompts try to turn the model.</summary>
    public WordPatterns Injections { get; }

    /// <summary>Marks of templates.</summary>
    public byte[][] Marks { get; }

    private static Phrases Load()
    {
        using Stream stream = typeof(Phrases).Assembly.GetManifestResourceStream("phrases.yaml")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return new Phrases((YamlMappingNode)yaml.Documents[0].RootNode);
    }

    private static IEnumerable<byte[]> Texts(YamlNode list) => Scalars(list).Select(Encoding.UTF8.GetBytes);

    private static IEnumerable<string> Scalars(YamlNode list) => ((YamlSequenceNode)list).Select(n => ((YamlScalarNode)n).Value!);
}
