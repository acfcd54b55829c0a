using Telemetry.Judge.Sample;

namespace Telemetry.Judge.Tests.Support;

/// <summary>Sampling rules.</summary>
internal static class Sampling
{
    public static readonly SamplingKey Key = SamplingKey.Of("test");

    public static SamplingRule Rule(string name, double share, double floor = 0, params string[] rubrics) =>
        new() { Name = name, Place = "", Share = share, FloorPerDay = floor, Rubrics = rubrics.Length > 0 ? rubrics : ["relevance"] };

    public static Stratum Stratum(SamplingRule rule, long answered, long ofDay = 0, string version = "1") => new(new StratumKey("t", "s", "p", version, "m"), rule, answered, answered, ofDay);
}
