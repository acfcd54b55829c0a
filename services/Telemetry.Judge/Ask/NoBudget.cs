namespace Telemetry.Judge.Ask;

/// <summary>Allows everything, for one-off requests that a person starts.</summary>
public sealed class NoBudget : IJudgeBudget
{
    /// <inheritdoc />
    public ValueTask<string?> ReserveAsync(decimal worstUsd, CancellationToken cancellation) => ValueTask.FromResult<string?>("");

    /// <inheritdoc />
    public ValueTask SettleAsync(string reservation, decimal? actualUsd, JudgeExchange exchange) => ValueTask.CompletedTask;
}
