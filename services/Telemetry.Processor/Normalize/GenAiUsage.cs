using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// <c>gen_ai.usage.*</c>, current and deprecated names. By the conventions since 1.40 input includes cached tokens and output includes
/// reasoning, which is also the meaning kept here.
/// </summary>
internal sealed class GenAiUsage(AttributeKeys keys)
{
    private readonly AttributeKey[] _input = [keys.Add("gen_ai.usage.input_tokens"), keys.Add("gen_ai.usage.prompt_tokens")];
    private readonly AttributeKey[] _output = [keys.Add("gen_ai.usage.output_tokens"), keys.Add("gen_ai.usage.completion_tokens")];

    private readonly AttributeKey[] _cacheRead =
    [
        keys.Add("gen_ai.usage.cache_read.input_tokens"), keys.Add("gen_ai.usage.cache_read_input_tokens"),
        keys.Add("gen_ai.usage.details.cache_read_tokens"), keys.Add("gen_ai.usage.details.cached_tokens"),
    ];

    private readonly AttributeKey[] _cacheWrite =
    [
        keys.Add("gen_ai.usage.cache_write.input_tokens"), keys.Add("gen_ai.usage.cache_creation.input_tokens"),
        keys.Add("gen_ai.usage.cache_creation_input_tokens"), keys.Add("gen_ai.usage.details.cache_write_tokens"),
    ];

    private readonly AttributeKey[] _reasoning =
    [
        keys.Add("gen_ai.usage.reasoning.output_tokens"), keys.Add("gen_ai.usage.reasoning_tokens"), keys.Add("gen_ai.usage.details.reasoning_tokens"),
    ];

    private readonly AttributeKey[] _audioInput = [keys.Add("gen_ai.usage.audio.input_tokens"), keys.Add("gen_ai.usage.input_audio_tokens")];
    private readonly AttributeKey[] _audioOutput = [keys.Add("gen_ai.usage.audio.output_tokens"), keys.Add("gen_ai.usage.output_audio_tokens")];
    private readonly AttributeKey[] _imageInput = [keys.Add("gen_ai.usage.image.input_tokens")];
    private readonly AttributeKey[] _imageOutput = [keys.Add("gen_ai.usage.image.output_tokens")];

    /// <summary>Whether the span carries input or output tokens.</summary>
    public bool IsOn(AttributeSet a) => _input.Any(a.Has) || _output.Any(a.Has);

    /// <summary>Reads the counts; an impossible one is null and flagged.</summary>
    public TokenUsage Read(AttributeSet a, List<string> flags) => new()
    {
        Input = Count(a, _input, flags),
        CacheRead = Count(a, _cacheRead, flags),
        CacheWrite = Count(a, _cacheWrite, flags),
        Output = Count(a, _output, flags),
        Reasoning = Count(a, _reasoning, flags),
        AudioInput = Count(a, _audioInput, flags),
        AudioOutput = Count(a, _audioOutput, flags),
        ImageInput = Count(a, _imageInput, flags),
        ImageOutput = Count(a, _imageOutput, flags),
    };

    private static long? Count(AttributeSet a, AttributeKey[] names, List<string> flags)
    {
        foreach (AttributeKey name in names)
        {
            AttributeValue value = a[name];
            if (value.Kind == ValueKind.None)
            {
                continue;
            }

            if (value.TryGetInteger(out long count) && count >= 0)
            {
                return count;
            }

            if (!flags.Contains(Flags.InvalidTokenCount))
            {
                flags.Add(Flags.InvalidTokenCount);
            }

            return null;
        }

        return null;
    }
}
