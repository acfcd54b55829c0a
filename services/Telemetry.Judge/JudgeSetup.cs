using Microsoft.Extensions.Logging;
using Telemetry.Judge.Rubrics;
using Telemetry.Judge.Sample;

namespace Telemetry.Judge;

/// <summary>Rubrics and sampling rules that fit together.</summary>
/// <param name="Rubrics">Rubrics by name.</param>
/// <param name="Rules">Sampling rules in their order.</param>
internal sealed record JudgeSetup(IReadOnlyDictionary<string, Rubric> Rubrics, IReadOnlyList<SamplingRule> Rules)
{
    /// <summary>Reads what the options name.</summary>
    /// <exception cref="RuleFileException">Something is wrong in the files.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public static JudgeSetup Read(JudgeOptions options)
    {
        IReadOnlyDictionary<string, Rubric> rubrics = RubricReader.Read(RubricReader.ShippedDirectory, options.RubricsPath);
        return new JudgeSetup(rubrics, SamplingReader.Read(SamplingPath(options), rubrics));
    }

    /// <summary>The same, read again when files change.</summary>
    public static WatchedFiles<JudgeSetup> Watch(JudgeOptions options, ILogger logger) => new(
        "rubrics and sampling rules", () => YamlFiles.Stamp(RubricReader.ShippedDirectory, options.RubricsPath, SamplingPath(options)), () => Read(options), logger);

    private static string SamplingPath(JudgeOptions options) => options.SamplingPath.Length > 0 ? options.SamplingPath : SamplingReader.ShippedFile;
}
