using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Langfuse's usage object, whose keys are free. Three shapes are known: the SDK's own buckets, each beside the others (input, input_cached_tokens,
/// input_audio_tokens, output, output_reasoning_tokens, and more for each model); the object of a provider's API as it came; and own keys whose total shows
/// that the parts are within. Source: langfuse-python and langfuse-js, parsing of usage; default-model-prices.json for the buckets.
/// </summary>
internal sealed class LangfuseUsage(AttributeKey source)
{
    private readonly TextInterner _names = new();

    private FieldValues _fields = null!;
    private long _otherInput;
    private long _otherOutput;
    private long _cached;
    private long _written;
    private bool _isOwn;
    private bool _hasBuckets;
    private bool _isProviders;
    private bool _isGemini;
    private bool _isCachedApart;

    /// <summary>What the totals of the object that was read last leave out.</summary>
    public UsageMeaning Meaning { get; private set; }

    /// <summary>Puts the counts into the fields; copies beside the object (<c>gen_ai.usage.*</c>) give way to it.</summary>
    public void Read(AttributeValue usage, FieldValues fields)
    {
        Meaning = UsageMeaning.Inclusive;
        if (usage.Kind != ValueKind.Text)
        {
            return;
        }

        _fields = fields;
        _otherInput = _otherOutput = _cached = _written = 0;
        _isOwn = _hasBuckets = _isProviders = _isGemini = _isCachedApart = false;
        JsonFields.EachNumber(usage, _names, this, static (to, name, value) => to.Take(name, value));
        Meaning = _isOwn || (_hasBuckets && !_isProviders) ? OfOwnKeys() : _isGemini ? UsageMeaning.ReasoningApart : _isCachedApart ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
    }

    private UsageMeaning OfOwnKeys()
    {
        Supply(Field.CacheRead, _cached);
        Supply(Field.CacheWrite, _written);
        long input = Number(Field.InputTokens);
        long output = Number(Field.OutputTokens);
        long parts = _otherInput + _otherOutput + Number(Field.CacheRead) + Number(Field.CacheWrite) + Number(Field.Reasoning);
        if (parts > 0 && _fields[Field.TotalTokens].TryGetInteger(out long total) && total == input + output)
        {
            return UsageMeaning.Inclusive;
        }

        Add(Field.InputTokens, input, _otherInput);
        Add(Field.OutputTokens, output, _otherOutput);
        return UsageMeaning.Disjoint;
    }

    private void Take(string name, AttributeValue value)
    {
        long number = value.TryGetInteger(out long whole) && whole > 0 ? whole : 0;
        if (FieldOf(name) is { } field && !_fields.NameIs(field, source))
        {
            _fields.Replace(field, value, source);
        }

        switch (name)
        {
            case "input" or "output":
                _isOwn = true;
                break;
            case "input_cached_text_tokens" or "input_cached_audio_tokens" or "input_cached_text" or "input_cached_audio":
                (_hasBuckets, _cached) = (true, _cached + number);
                break;
            case "input_cache_creation" or "input_cache_write" or "input_cache_creation_5m" or "input_cache_creation_1h" or "input_ephemeral_5m_input_tokens" or "input_ephemeral_1h_input_tokens":
                (_hasBuckets, _written) = (true, _written + number);
                break;
            case "input_tokens" or "prompt_tokens" or "promptTokens" or "inputTokens":
                _isProviders = true;
                break;
            case "promptTokenCount" or "prompt_token_count" or "candidatesTokenCount" or "candidates_token_count":
                _isGemini = true;
                break;
            case "cache_read_input_tokens" or "cache_creation_input_tokens" or "cacheReadInputTokens" or "cacheWriteInputTokens":
                _isCachedApart = true;
                break;
            default:
                TakeOther(name, number);
                break;
        }
    }

    // A bucket that has no field, or whose field is only a part here: audio, images, predictions.
    private void TakeOther(string name, long number)
    {
        if (number <= 0 || name.Contains('.', StringComparison.Ordinal) || FieldOf(name) is Field.CacheRead or Field.CacheWrite or Field.Reasoning or Field.InputTokens or Field.OutputTokens or Field.TotalTokens)
        {
            return;
        }

        if (name.StartsWith("input_", StringComparison.Ordinal))
        {
            (_hasBuckets, _otherInput) = (true, _otherInput + number);
        }
        else if (name.StartsWith("output_", StringComparison.Ordinal))
        {
            (_hasBuckets, _otherOutput) = (true, _otherOutput + number);
        }
    }

    private void Supply(Field field, long number)
    {
        if (number > 0 && (!_fields.NameIs(field, source) || field == Field.CacheWrite))
        {
            _fields.Replace(field, AttributeValue.OfInteger(number), source);
        }
    }

    private void Add(Field field, long number, long others)
    {
        if (others > 0)
        {
            _fields.Replace(field, AttributeValue.OfInteger(number + others), source);
        }
    }

    private long Number(Field field) => _fields.NameIs(field, source) && _fields[field].TryGetInteger(out long number) && number > 0 ? number : 0;

    private static Field? FieldOf(string name) => name switch
    {
        "input" or "input_tokens" or "prompt_tokens" or "promptTokens" or "inputTokens" or "promptTokenCount" or "prompt_token_count" => Field.InputTokens,
        "output" or "output_tokens" or "completion_tokens" or "completionTokens" or "outputTokens" or "candidatesTokenCount" or "candidates_token_count" => Field.OutputTokens,
        "total" or "total_tokens" or "totalTokens" or "totalTokenCount" or "total_token_count" => Field.TotalTokens,
        "input_cached_tokens" or "cache_read_input_tokens" or "cacheReadInputTokens" or "input_cache_read" or "input_cache_read_tokens" or "cachedContentTokenCount" or "cached_content_token_count"
            or "cachedInputTokens" or "cached_tokens" or "prompt_tokens_details.cached_tokens" or "input_tokens_details.cached_tokens" or "input_token_details.cache_read"
            or "input_token_details.cached_tokens" => Field.CacheRead,
        "cache_creation_input_tokens" or "cacheWriteInputTokens" or "input_cache_creation" or "input_cache_write" or "cache_write_input_tokens" or "cache_write_tokens"
            or "input_token_details.cache_creation" => Field.CacheWrite,
        "input_cache_creation_5m" or "input_ephemeral_5m_input_tokens" or "cache_creation.ephemeral_5m_input_tokens" => Field.CacheWriteFiveMinutes,
        "input_cache_creation_1h" or "input_ephemeral_1h_input_tokens" or "cache_creation.ephemeral_1h_input_tokens" => Field.CacheWriteOneHour,
        "output_reasoning_tokens" or "output_reasoning" or "reasoning_tokens" or "reasoningTokens" or "completion_tokens_details.reasoning_tokens" or "output_tokens_details.reasoning_tokens"
            or "output_token_details.reasoning" or "output_token_details.reasoning_tokens" or "thoughtsTokenCount" or "thoughts_token_count" => Field.Reasoning,
        "input_audio_tokens" or "input_audio" or "prompt_tokens_details.audio_tokens" or "input_token_details.audio" => Field.AudioInput,
        "output_audio_tokens" or "output_audio" or "completion_tokens_details.audio_tokens" or "output_token_details.audio" => Field.AudioOutput,
        "input_image" or "input_image_tokens" => Field.ImageInput,
        "output_image" or "output_image_tokens" => Field.ImageOutput,
        "web_search_queries" or "webSearchQueries" or "grounding_queries" or "groundingQueries" => Field.WebSearches,
        _ => null,
    };
}
