namespace Telemetry.Collector.Receive;

/// <summary>Ends the reading of a request body; carries the outcome that the client is told.</summary>
internal sealed class RefusedException(ExportOutcome outcome) : Exception(outcome.Message)
{
    /// <summary>What the client is told.</summary>
    public ExportOutcome Outcome { get; } = outcome;

    public static RefusedException TooLarge(string what, long limit, string name) =>
        new(new ExportOutcome(OutcomeKind.TooLarge, $"{what} is over {limit} bytes (limit {name})"));

    public static RefusedException Invalid(string message) => new(new ExportOutcome(OutcomeKind.Invalid, message));
}
