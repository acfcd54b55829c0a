namespace Telemetry.Processor.Screen.Rules;

/// <summary>The finish reason, or the type of the error, tells that a filter of the provider stepped in.</summary>
internal sealed class ContentFilterRule : IScreenRule
{
    private static readonly FinishReasonSet Reasons = new(
        "content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii", "image_safety", "guardrail_intervened", "guardrails", "moderation");

    private static readonly FinishReasonSet Errors = new("content_filter", "content_policy_violation", "responsibleaipolicyviolation", "contentpolicyviolationerror", "content_filter_error");

    /// <inheritdoc />
    public bool NeedsContent => false;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        if (Reasons.HasOneOf(call.Call.FinishReasons))
        {
            call.Hit(ScreenFlags.ContentFilter, "finish_reason");
        }
        else if (call.Call.IsError && Errors.Has(call.Call.ErrorType.Span))
        {
            call.Hit(ScreenFlags.ContentFilter, "error_type");
        }
    }
}
