using Telemetry.Processor.Screen.Text;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// The provider says that the model declined (finish reason, refusal field), or the answer begins as refusals do: with one of the known phrases at the start of
/// one of its first three sentences, an apology before it or not. A phrase further on is part of an answer.
/// </summary>
internal sealed class RefusalRule : IScreenRule
{
    private static readonly FinishReasonSet Reasons = new("refusal", "refused");

    private readonly RefusalPhrases _phrases = new();

    /// <inheritdoc />
    public bool NeedsContent => false;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        if (Reasons.HasOneOf(call.Call.FinishReasons))
        {
            call.Hit(ScreenFlags.Refusal, "finish_reason");
        }
        else if (call.HasRefusalPart)
        {
            call.Hit(ScreenFlags.Refusal, "refusal_field");
        }
        else if (call.ToolCalls == 0 && _phrases.In(call.Answer) is { } evidence)
        {
            call.Hit(ScreenFlags.Refusal, evidence);
        }
    }
}
