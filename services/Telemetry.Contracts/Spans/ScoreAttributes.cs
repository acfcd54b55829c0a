namespace Telemetry.Contracts.Spans;

/// <summary>Attributes beside the conventions' own on <c>gen_ai.evaluation.result</c> events; any sender may set them.</summary>
public static class ScoreAttributes
{
    /// <summary>Id of the score, up to 64 characters: of several with one id the latest counts. Without it an event's content is its id.</summary>
    public const string Id = "telemetry.score.id";

    /// <summary><c>user</c> for an end user's opinion, <c>human</c> for a reviewer's; anything else is an event of unknown making.</summary>
    public const string Source = "telemetry.score.source";
}
