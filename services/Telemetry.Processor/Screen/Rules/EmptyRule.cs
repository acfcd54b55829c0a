using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// The answer has neither text nor tool call nor anything else. Only where the span shows it: it carries an answer that is empty, or it carries the prompt and
/// the provider reports no output tokens. An answer that was not recorded is not empty, and neither is a failed call.
/// </summary>
internal sealed class EmptyRule : IScreenRule
{
    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        LlmCall c = call.Call;
        if (c.IsError || c.Operation == Operations.Embeddings || call.ToolCalls > 0 || call.HasOtherParts || call.HasRefusalPart || !call.Answer.Trim(" \t\r\n"u8).IsEmpty)
        {
            return;
        }

        if (call.HasAnswer)
        {
            call.Hit(ScreenFlags.Empty, "answer");
        }
        else if (call.HasPrompt && c.TokensSource == TokensSource.Reported && c.Usage.Output == 0)
        {
            call.Hit(ScreenFlags.Empty, "output_tokens");
        }
    }
}
