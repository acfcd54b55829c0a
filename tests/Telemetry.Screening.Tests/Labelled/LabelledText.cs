namespace Telemetry.Screening.Tests.Labelled;

/// <summary>A text, and what in it is to be found.</summary>
public sealed record LabelledText(string Text, IReadOnlyList<(PiiKind Kind, int Start, int Length)> Labels);
