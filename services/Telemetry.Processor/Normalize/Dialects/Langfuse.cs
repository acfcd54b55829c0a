using System.Globalization;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Langfuse SDKs 3 and later: <c>langfuse.observation.*</c>; generations and embeddings are calls. Usage is a JSON object with free keys, disjoint buckets in
/// newer SDKs, the provider's own object in others. Source: langfuse/langfuse OtelIngestionProcessor and langfuse-python attributes.
/// </summary>
internal sealed class Langfuse : ISpanDialect
{
    private readonly AttributeKey _type;
    private readonly AttributeKey _level;
    private readonly AttributeKey _model;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _cost;
    private readonly AttributeKey _firstToken;
    private readonly AttributeKey _input;
    private readonly AttributeKey _output;

    public Langfuse(AttributeKeys keys, FieldMap map)
    {
        _type = keys.Add("langfuse.observation.type");
        _level = keys.Add("langfuse.observation.level");
        _model = keys.Add("langfuse.observation.model.name");
        _usage = keys.Add("langfuse.observation.usage_details");
        _cost = keys.Add("langfuse.observation.cost_details");
        _firstToken = keys.Add("langfuse.observation.completion_start_time");
        _input = keys.Add("langfuse.observation.input");
        _output = keys.Add("langfuse.observation.output");
        map.Add(Field.Session, "langfuse.session.id", "langfuse.trace.session.id")
            .Add(Field.User, "langfuse.user.id", "langfuse.trace.user.id")
            .Add(Field.PromptName, "langfuse.observation.prompt.name", "langfuse.prompt.name")
            .Add(Field.PromptVersion, "langfuse.observation.prompt.version", "langfuse.prompt.version")
            .Add(Field.Labels, "langfuse.trace.tags", "langfuse.tags")
            .Add(Field.Metadata, "langfuse.observation.metadata", "langfuse.trace.metadata")
            .Add(Field.Environment, "langfuse.environment");
    }

    /// <inheritdoc />
    public string Name => "langfuse";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_type) || span.Attributes.Has(_usage) || span.Attributes.Has(_model);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadOnlySpan<byte> type = a[_type].Text;
        (SpanRole role, call.Operation) = type switch
        {
            _ when type.SequenceEqual("generation"u8) => (SpanRole.Call, Operations.Chat),
            _ when type.SequenceEqual("embedding"u8) => (SpanRole.Call, Operations.Embeddings),
            _ when type.SequenceEqual("agent"u8) => (SpanRole.Wrapper, Operations.InvokeAgent),
            _ when type.SequenceEqual("chain"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
            _ when type.SequenceEqual("tool"u8) => (SpanRole.Other, Operations.ExecuteTool),
            _ when type.SequenceEqual("retriever"u8) => (SpanRole.Other, Operations.Retrieval),

            // Before the type was sent always, a model with usage made a generation.
            _ when type.IsEmpty && a.Has(_model) => (SpanRole.Call, Operations.Chat),
            _ => (SpanRole.Wrapper, System.Text.Encoding.UTF8.GetString(type)),
        };
        ReadUsage(a, fields);
        Replace(fields, Field.ModelRequested, AttributeValue.OfText(JsonFields.Unquote(a[_model].TextMemory)), _model);
        Replace(fields, Field.Cost, JsonFields.Find(a[_cost], "total"), _cost);
        Replace(fields, Field.InputMessages, a[_input], _input);
        Replace(fields, Field.OutputMessages, a[_output], _output);
        call.IsError = a[_level].Text.SequenceEqual("ERROR"u8);
        ReadFirstToken(span, a[_firstToken], call);
        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        // The provider's own object, as OpenAI's integration passes it on, includes; the SDK's own keys are buckets.
        bool own = JsonFields.Find(span.Attributes[_usage], "input").Kind != ValueKind.None;
        bool totalIncludes = fields[Field.TotalTokens].TryGetInteger(out long total) && fields[Field.InputTokens].TryGetInteger(out long input)
            && fields[Field.OutputTokens].TryGetInteger(out long output) && total == input + output && Parts(fields) > 0;
        return own && !totalIncludes ? UsageMeaning.Disjoint : UsageMeaning.Inclusive;
    }

    private static void Replace(FieldValues fields, Field field, AttributeValue value, AttributeKey source)
    {
        if (value.Kind != ValueKind.None && value.Slice.Length > 0)
        {
            fields.Replace(field, value, source);
        }
    }

    private static long Parts(FieldValues fields)
    {
        long parts = 0;
        foreach (Field field in (ReadOnlySpan<Field>)[Field.CacheRead, Field.CacheWrite, Field.Reasoning])
        {
            parts += fields[field].TryGetInteger(out long count) ? count : 0;
        }

        return parts;
    }

    private void ReadUsage(AttributeSet a, FieldValues fields) => JsonFields.EachNumber(a[_usage], (fields, _usage), static (state, name, value) =>
    {
        if (FieldOf(name) is { } field)
        {
            // What stands here is the SDK's; gen_ai.* beside it is a copy.
            if (!state.fields.Has(field) || !state.fields.NameIs(field, state._usage))
            {
                state.fields.Replace(field, value, state._usage);
            }
        }
    });

    private static Field? FieldOf(string name) => name switch
    {
        "input" or "input_tokens" or "prompt_tokens" or "promptTokens" or "inputTokens" or "promptTokenCount" => Field.InputTokens,
        "output" or "output_tokens" or "completion_tokens" or "completionTokens" or "outputTokens" or "candidatesTokenCount" => Field.OutputTokens,
        "total" or "total_tokens" or "totalTokens" or "totalTokenCount" => Field.TotalTokens,
        "input_cached_tokens" or "cache_read_input_tokens" or "input_cache_read" or "input_cache_read_tokens" or "prompt_tokens_details.cached_tokens" or "input_tokens_details.cached_tokens" => Field.CacheRead,
        "cache_creation_input_tokens" or "input_cache_creation" or "input_cache_write" or "cache_write_input_tokens" => Field.CacheWrite,
        "input_cache_creation_1h" => Field.CacheWriteOneHour,
        "output_reasoning_tokens" or "output_reasoning" or "reasoning_tokens" or "completion_tokens_details.reasoning_tokens" or "output_tokens_details.reasoning_tokens" or "thoughtsTokenCount" => Field.Reasoning,
        "input_audio_tokens" or "input_audio" or "prompt_tokens_details.audio_tokens" => Field.AudioInput,
        "output_audio_tokens" or "output_audio" or "completion_tokens_details.audio_tokens" => Field.AudioOutput,
        _ => null,
    };

    private static void ReadFirstToken(DecodedSpan span, AttributeValue value, LlmCall call)
    {
        const double TicksPerMillisecond = TimeSpan.TicksPerMillisecond;
        const ulong NanosecondsPerTick = 100;

        // An ISO time; older SDKs encode it as JSON, some twice.
        string text = System.Text.Encoding.UTF8.GetString(JsonFields.Unquote(JsonFields.Unquote(value.TextMemory)).Span);
        if (text.Length > 0 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at))
        {
            call.ReportedTtftMilliseconds = ((at - DateTimeOffset.UnixEpoch).Ticks - (long)(span.Start / NanosecondsPerTick)) / TicksPerMillisecond;
            call.TtftSource = "langfuse.observation.completion_start_time";
        }
    }
}
