using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>A rule for what is written in letters and digits.</summary>
internal interface IWordRule
{
    /// <summary>What it finds.</summary>
    PiiKind Kind { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>What begins at the start of a word, if it is one.</summary>
    /// <param name="text">The text around.</param>
    /// <param name="start">Offset of the word's first byte.</param>
    /// <param name="end">Offset behind the word, which holds letters, digits, dashes and underscores.</param>
    Found Match(ReadOnlySpan<byte> text, int start, int end);
}
