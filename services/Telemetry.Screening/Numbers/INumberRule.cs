using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>A rule for what is written in digits.</summary>
internal interface INumberRule
{
    /// <summary>What it finds.</summary>
    PiiKind Kind { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Fewest digits of its numbers; a number with fewer is not shown to it.</summary>
    int FewestDigits { get; }

    /// <summary>The number that begins here, if it is one.</summary>
    Found Match(in NumberCandidate number);
}
