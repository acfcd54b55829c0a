namespace Telemetry.Processor.Screen.Rules;

/// <summary>The finish reason tells that a limit on tokens cut the answer off, in the words of any provider.</summary>
internal sealed class TruncatedRule : IScreenRule
{
    private static readonly FinishReasonSet Reasons = new(
        "length", "max_tokens", "max_output_tokens", "max_completion_tokens", "model_length", "model_context_window_exceeded", "token_limit", "max_length", "incomplete");

    /// <inheritdoc />
    public bool NeedsContent => false;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        if (Reasons.HasOneOf(call.Call.FinishReasons))
        {
            call.Hit(ScreenFlags.Truncated, "finish_reason");
        }
    }
}
