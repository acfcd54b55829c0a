namespace Telemetry.Judge.Ask;

/// <summary>Allows requests to the judge before they are sent, and hears what they cost.</summary>
public interface IJudgeBudget
{
    /// <summary>Sets the most that a request can cost aside.</summary>
    /// <param name="worstUsd">US dollars; 0 when the price is unknown.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A handle for <see cref="SettleAsync"/>; null when the request must not be sent now.</returns>
    ValueTask<string?> ReserveAsync(decimal worstUsd, CancellationToken cancellation);

    /// <summary>Tells what it cost.</summary>
    /// <param name="reservation">The handle.</param>
    /// <param name="actualUsd">US dollars; null when it is not known what was charged, so that the whole reservation counts.</param>
    /// <param name="exchange">The request.</param>
    ValueTask SettleAsync(string reservation, decimal? actualUsd, JudgeExchange exchange);
}
