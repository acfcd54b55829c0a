namespace Telemetry.Quality.Review;

/// <summary>Which answers come into the queue.</summary>
public sealed record ReviewOptions
{
    /// <summary>How far back; no further than messages are kept.</summary>
    public TimeSpan Back { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Share of answers that are chosen at random: of the judged ones, or of all where no judge is at work. 0 to 1.</summary>
    public double RandomShare { get; init; } = 0.02;

    /// <summary>Only of this service; all when empty.</summary>
    public string Service { get; init; } = "";

    /// <summary>Only for this reason; all when empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How long a claim holds.</summary>
    public TimeSpan ClaimFor { get; init; } = TimeSpan.FromMinutes(30);
}
