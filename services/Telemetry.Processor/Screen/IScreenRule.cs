namespace Telemetry.Processor.Screen;

/// <summary>One rule that looks at every call. The same call gives the same findings, on every replica and replay. Owned by one lane.</summary>
internal interface IScreenRule
{
    /// <summary>Whether it needs what was said; rules that do not are asked for every call.</summary>
    bool NeedsContent { get; }

    /// <summary>Looks at a call and notes what it finds.</summary>
    void Look(ScreenedCall call);
}
