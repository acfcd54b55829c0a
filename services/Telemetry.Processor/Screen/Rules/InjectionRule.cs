using Telemetry.Processor.Screen.Text;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// What users and tools say holds one of the known ways to turn a model against its instructions. A sign for review, no proof: articles about such attacks hold
/// them too, and an attacker finds other words.
/// </summary>
internal sealed class InjectionRule : IScreenRule
{
    private const int Looked = 32 << 10;

    private readonly FoldedText _folded = new();

    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        // The newest messages stand last.
        ReadOnlySpan<byte> prompt = call.Prompt;
        ReadOnlySpan<byte> text = _folded.Fold(prompt[^Math.Min(prompt.Length, Looked)..]);
        foreach (byte[] mark in Phrases.Known.Marks)
        {
            if (text.IndexOf(mark) >= 0)
            {
                call.Hit(ScreenFlags.Injection, "template_mark");
                return;
            }
        }

        if (Phrases.Known.Injections.AreIn(text))
        {
            call.Hit(ScreenFlags.Injection, "phrase");
        }
    }
}
