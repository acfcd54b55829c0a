namespace Telemetry.LoadGenerator.Payload;

/// <summary>
/// Characters that stand in a template's texts for what differs from request to request. Each becomes a fixed number of digits, so that a
/// request is made by overwriting bytes in place.
/// </summary>
internal static class Slots
{
    /// <summary>Number of the service.</summary>
    public const char Service = '\uE000';

    /// <summary>Number of the prompt, one for each trace.</summary>
    public const char Prompt = '\uE001';

    /// <summary>Number of the request.</summary>
    public const char Request = '\uE002';

    /// <summary>Sixteen hex digits, unique for each span.</summary>
    public const char Unique = '\uE003';

    /// <summary>Input tokens of the call, also as an attribute of its own (<see cref="InputTokens"/>).</summary>
    public const char InputText = '\uE004';

    /// <summary>Output tokens of the call, also as an attribute of its own (<see cref="OutputTokens"/>).</summary>
    public const char OutputText = '\uE005';

    private const int Names = 4;
    private const int RequestDigits = 10;
    private const int UniqueDigits = 16;
    private const int InputDigits = 4;
    private const int OutputDigits = 3;

    /// <summary>Value of an attribute that is the call's input tokens, as a number.</summary>
    public static readonly object InputTokens = new();

    /// <summary>Value of an attribute that is the call's output tokens, as a number.</summary>
    public static readonly object OutputTokens = new();

    /// <summary>What a slot becomes; false for any other character.</summary>
    public static bool TryGet(char character, out PatchKind kind, out int width)
    {
        (kind, width) = character switch
        {
            Service => (PatchKind.ServiceDigits, Names),
            Prompt => (PatchKind.PromptDigits, Names),
            Request => (PatchKind.RequestDigits, RequestDigits),
            Unique => (PatchKind.UniqueHex, UniqueDigits),
            InputText => (PatchKind.InputDigits, InputDigits),
            OutputText => (PatchKind.OutputDigits, OutputDigits),
            _ => default,
        };
        return width > 0;
    }
}
