using System.ComponentModel.DataAnnotations;

namespace Telemetry.Processor.Screen;

/// <summary>Which rules look at every call; see docs/screening.md for what each finds.</summary>
public sealed class ScreenOptions
{
    /// <summary>The model, or its provider, declined to answer.</summary>
    public bool Refusal { get; set; } = true;

    /// <summary>The answer says nothing.</summary>
    public bool Empty { get; set; } = true;

    /// <summary>The answer was cut off by a limit on tokens.</summary>
    public bool Truncated { get; set; } = true;

    /// <summary>A filter of the provider stopped the answer.</summary>
    public bool ContentFilter { get; set; } = true;

    /// <summary>JSON was asked for, and the answer is none or does not fit the schema.</summary>
    public bool Json { get; set; } = true;

    /// <summary>A tool was called that was not offered, or with arguments that are no JSON or lack what is required.</summary>
    public bool Tools { get; set; } = true;

    /// <summary>The answer ends in a loop.</summary>
    public bool Repetition { get; set; } = true;

    /// <summary>The answer is in another language than the question.</summary>
    public bool Language { get; set; } = true;

    /// <summary>Personal and secret data in prompt and answer.</summary>
    public bool Pii { get; set; } = true;

    /// <summary>The prompt tries to turn the model against its instructions.</summary>
    public bool Injection { get; set; } = true;

    /// <summary>Bytes of a prompt, and of an answer, that are looked at: half of them at the beginning, half at the end of a longer one.</summary>
    [Range(1024, 8 << 20, ErrorMessage = "allowed: 1024 to 8388608")]
    public int MaxBytes { get; set; } = 256 << 10;
}
