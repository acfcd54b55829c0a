namespace Telemetry.Collector.Receive.Feedback;

/// <summary>What shape an opinion has. All numbers are kept on one scale, 0 (bad) to 1 (good), so that they can be compared with each other and with a judge's.</summary>
internal enum FeedbackKind
{
    /// <summary><c>up</c> is 1, <c>down</c> is 0.</summary>
    Thumbs,

    /// <summary>1 to 5, kept as 0 to 1: 1 is 0, 3 is 0.5, 5 is 1.</summary>
    Rating,

    /// <summary>0 to 1, for what has a measure of its own, such as whether a case was resolved.</summary>
    Score,

    /// <summary>A word of the app's own, without a number.</summary>
    Label,

    /// <summary>Words alone.</summary>
    Comment,
}
