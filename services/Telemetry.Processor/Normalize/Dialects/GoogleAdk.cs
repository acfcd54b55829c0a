using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Google's Agent Development Kit (scope <c>gcp.vertex.agent</c>): <c>call_llm</c> is the call. Its output is the candidates alone with the thoughts beside,
/// until 2.3, which adds them up under the conventions' name; newer versions nest the plain conventions' span below it. Source: google/adk-python,
/// telemetry/tracing.py.
/// </summary>
internal sealed class GoogleAdk : ISpanDialect
{
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _request;
    private readonly AttributeKey _response;
    private readonly AttributeKey _event;
    private readonly AttributeKey _toolArguments;
    private readonly AttributeKey _addedReasoning;
    private readonly AttributeKey _olderReasoning;
    private readonly AttributeKey _olderCached;

    public GoogleAdk(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _request = keys.Add("gcp.vertex.agent.llm_request");
        _response = keys.Add("gcp.vertex.agent.llm_response");
        _event = keys.Add("gcp.vertex.agent.invocation_id");
        _toolArguments = keys.Add("gcp.vertex.agent.tool_call_args");
        _addedReasoning = keys.Add("gen_ai.usage.reasoning.output_tokens");
        _olderReasoning = keys.Add("gen_ai.usage.experimental.reasoning_tokens");
        _olderCached = keys.Add("gen_ai.usage.experimental.cached_tokens");
        map.Add(Field.Session, "gcp.vertex.agent.session_id")
            .Add(Field.Reasoning, "gen_ai.usage.experimental.reasoning_tokens")
            .Add(Field.CacheRead, "gen_ai.usage.experimental.cached_tokens");
    }

    /// <inheritdoc />
    public string Name => "google_adk";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        return a.Has(_request) || a.Has(_event) || a.Has(_toolArguments) || a.Has(_olderReasoning) || a.Has(_olderCached) || span.ScopeName.Span.SequenceEqual("gcp.vertex.agent"u8);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeValue response = span.Attributes[_response];
        if (response.Text.Length > 2)
        {
            ReadRecorded(response, fields);
            call.Content.RecordedOutput = response;
        }

        call.Content.RecordedInput = span.Attributes[_request];
        DropFrameworkName(fields);
        SpanRole role = _plain.RoleOf(span, fields, call);
        if (span.Name.Span.SequenceEqual("call_llm"u8))
        {
            call.Operation = Operations.GenerateContent;
            return SpanRole.Call;
        }

        return span.Name.Span.StartsWith("invocation"u8) || span.Name.Span.StartsWith("agent_run"u8) ? SpanRole.Wrapper : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) =>
        span.Attributes.Has(_addedReasoning) ? UsageMeaning.Inclusive : UsageMeaning.ReasoningApart;

    private void ReadRecorded(AttributeValue response, FieldValues fields) => JsonFields.EachMember(response, (Fields: fields, Key: _response), static (to, name, value) =>
    {
        if (name.SequenceEqual("usage_metadata"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "cached_content_token_count"), to.Key);
            to.Fields.Supply(Field.Reasoning, JsonFields.Find(value, "thoughts_token_count"), to.Key);
            to.Fields.Supply(Field.TotalTokens, JsonFields.Find(value, "total_token_count"), to.Key);
        }
        else if (name.SequenceEqual("finish_reason"u8))
        {
            to.Fields.Supply(Field.FinishReasons, value, to.Key);
        }
        else if (name.SequenceEqual("model_version"u8))
        {
            to.Fields.Supply(Field.ModelAnswered, value, to.Key);
        }
    });

    // The system is the kit's own name; the kit calls others too (openai/gpt-4o through LiteLLM), which the model tells.
    private static void DropFrameworkName(FieldValues fields)
    {
        ReadOnlySpan<byte> model = fields[Field.ModelRequested].Text;
        bool isGoogles = model.IsEmpty || model.IndexOf("gemini"u8) >= 0 || model.IndexOf("gemma"u8) >= 0;
        if (!isGoogles && fields[Field.Provider].Text.SequenceEqual("gcp.vertex.agent"u8))
        {
            fields.Remove(Field.Provider);
            int slash = model.IndexOf((byte)'/');
            if (slash > 0)
            {
                // LiteLLM's way to name a model: the provider stands before the slash.
                fields.Supply(Field.Provider, AttributeValue.OfText(fields[Field.ModelRequested].Slice[..slash]), default);
            }
        }
    }
}
