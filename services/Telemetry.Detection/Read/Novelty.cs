namespace Telemetry.Detection.Read;

/// <summary>What can be new.</summary>
internal enum NoveltyKind
{
    NewModel,
    UnknownPrice,
    NewErrorType,
}

/// <summary>Something that was not there before.</summary>
/// <param name="Kind">What is new.</param>
/// <param name="Service">Where.</param>
/// <param name="Model">The model; empty for errors.</param>
/// <param name="Subject">Its name.</param>
/// <param name="Minute">When it was first seen, in minutes since 1970.</param>
/// <param name="Calls">How many calls there were of it.</param>
internal sealed record Novelty(NoveltyKind Kind, string Service, string Model, string Subject, long Minute, long Calls);
