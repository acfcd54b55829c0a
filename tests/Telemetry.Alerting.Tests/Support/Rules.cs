using Telemetry.Alerting.Read;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Support;

/// <summary>Rules from text.</summary>
internal static class Rules
{
    public static RuleSet Parse(string yaml)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "rules.yaml");
        File.WriteAllText(path, yaml);
        return RuleFiles.Read(path);
    }

    public static Rule One(string yaml) => Parse($"rules:\n  - {{ {yaml} }}\n").Rules[0];

    /// <summary>What is wrong in the text, without the path before it.</summary>
    public static IReadOnlyList<string> Errors(string yaml) =>
        [.. Assert.Throws<RuleFileException>(() => Parse(yaml)).Errors.Select(e => e[(e.IndexOf("rules.yaml:", StringComparison.Ordinal) + "rules.yaml:".Length)..])];

    public static Rule Shipped(string name) => RuleFiles.Read(RuleFiles.ShippedDirectory).Rules.Single(r => r.Name == name);
}
