using Telemetry.Screening;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>Kinds of personal and secret data in prompt and answer; also what the Collector has masked, which is told by its mask.</summary>
internal sealed class PiiRule : IScreenRule
{
    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        Note(call, Kinds(call.Prompt) | Kinds(call.Instructions), ScreenFlags.InPrompt);
        Note(call, Kinds(call.Answer) | Kinds(call.Arguments), ScreenFlags.InAnswer);
    }

    private static PiiKinds Kinds(ReadOnlySpan<byte> text) => PiiScanner.Kinds(text, PiiKinds.All) | PiiMask.Kinds(text);

    private static void Note(ScreenedCall call, PiiKinds kinds, string[] flags)
    {
        for (int kind = 0; kinds != PiiKinds.None; kind++)
        {
            if ((kinds & ((PiiKind)kind).Set()) != 0)
            {
                kinds &= ~((PiiKind)kind).Set();
                call.Hit(flags[kind]);
            }
        }
    }
}
