namespace Telemetry.Quality.Review;

/// <summary>Why an answer is to be looked at by a person.</summary>
public static class ReviewReasons
{
    /// <summary>Chosen by its id alone, so that what is found speaks for all answers.</summary>
    public const string Random = "random";

    /// <summary>Judge and user, or judge and screening, say different things.</summary>
    public const string Disagreement = "disagreement";

    /// <summary>A judge or a user found it bad.</summary>
    public const string LowScore = "low_score";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Random, Disagreement, LowScore];
}

/// <summary>One answer to be looked at.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">Its call.</param>
/// <param name="At">When it was given.</param>
/// <param name="Service">Who gave it.</param>
/// <param name="Reason">One of <see cref="ReviewReasons"/>.</param>
/// <param name="Probability">With which a random item was chosen; 1 for the others.</param>
/// <param name="Rubrics">What it was judged by; a person who judges by the same can be compared.</param>
public sealed record ReviewItem(string TraceId, string SpanId, DateTimeOffset At, string Service, string Reason, double Probability, IReadOnlyList<string> Rubrics);

/// <summary>An item that a reviewer has claimed, with what was said.</summary>
/// <param name="Item">The item.</param>
/// <param name="ClaimId">The claim.</param>
/// <param name="SystemInstructions">JSON as stored; empty when there are none.</param>
/// <param name="InputMessages">JSON as stored.</param>
/// <param name="OutputMessages">JSON as stored.</param>
/// <param name="Opinions">What was said about it; to be shown only after the reviewer has made up his mind, or he will agree with it.</param>
public sealed record ClaimedItem(ReviewItem Item, string ClaimId, string SystemInstructions, string InputMessages, string OutputMessages, IReadOnlyList<Opinion> Opinions);

/// <summary>One judgement of an item.</summary>
/// <param name="Source">judge, user, rule, event, human.</param>
/// <param name="Name">What was judged.</param>
/// <param name="Value">0 to 1; null for a label alone.</param>
/// <param name="Label">In a word.</param>
/// <param name="Explanation">Why.</param>
public sealed record Opinion(string Source, string Name, double? Value, string Label, string Explanation);
