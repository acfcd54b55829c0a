using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// LiteLLM's OpenTelemetry callback, in an app or in the proxy. <c>litellm_request</c> is the call, its child <c>raw_gen_ai_request</c> only repeats the raw
/// exchange; with a parent and the request span switched off, the call's attributes stand on the parent, which may be the proxy's own server span. Source:
/// BerriAI/litellm, integrations/opentelemetry.py.
/// </summary>
internal sealed class LiteLlm : ISpanDialect
{
    private const int KindServer = 2;

    // The functions of its library, which it gives as the type of a call: a completion is a chat here.
    private static readonly Dictionary<string, string> CallTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["completion"] = Operations.Chat,
        ["acompletion"] = Operations.Chat,
        ["responses"] = Operations.Chat,
        ["aresponses"] = Operations.Chat,
        ["anthropic_messages"] = Operations.Chat,
        ["text_completion"] = Operations.TextCompletion,
        ["atext_completion"] = Operations.TextCompletion,
        ["agenerate_content"] = Operations.GenerateContent,
        ["agenerate_content_stream"] = Operations.GenerateContent,
        ["generate_content_stream"] = Operations.GenerateContent,
        ["embedding"] = Operations.Embeddings,
        ["aembedding"] = Operations.Embeddings,
        ["rerank"] = Operations.Rerank,
        ["arerank"] = Operations.Rerank,
        ["aimage_generation"] = "image_generation",
        ["aspeech"] = "speech",
        ["atranscription"] = "transcription",
        ["amoderation"] = "moderation",
        ["_arealtime"] = "realtime",
    };

    private readonly TextInterner _texts = new();
    private readonly AttributeKey _hiddenParameters;
    private readonly AttributeKey _requestType;
    private readonly AttributeKey _callId;
    private readonly AttributeKey _apiKeyHash;
    private readonly AttributeKey _endUser;
    private readonly AttributeKey _keyUser;

    public LiteLlm(AttributeKeys keys)
    {
        _hiddenParameters = keys.Add("hidden_params");
        _requestType = keys.Add("llm.request.type");
        _callId = keys.Add("litellm_call_id");
        _apiKeyHash = keys.Add("metadata.user_api_key_hash");
        _endUser = keys.Add("metadata.user_api_key_end_user_id");
        _keyUser = keys.Add("metadata.user_api_key_user_id");
    }

    /// <inheritdoc />
    public string Name => "litellm";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_hiddenParameters) || span.Attributes.Has(_callId) || span.Attributes.Has(_apiKeyHash)
        || span.ScopeName.Span.StartsWith("litellm"u8) || span.Name.Span.SequenceEqual("litellm_request"u8) || span.Name.Span.SequenceEqual("raw_gen_ai_request"u8)
        || span.Name.Span.SequenceEqual("Received Proxy Server Request"u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        if (span.Name.Span.SequenceEqual("raw_gen_ai_request"u8))
        {
            call.Operation = "raw_request";
            return SpanRole.Other;
        }

        ReadHidden(a[_hiddenParameters], fields);
        fields.Supply(Field.User, a[_endUser], _endUser);
        if (!a[_keyUser].Text.SequenceEqual("default_user_id"u8))
        {
            fields.Supply(Field.User, a[_keyUser], _keyUser);
        }

        string type = _texts.Get((fields.Has(Field.Operation) ? fields[Field.Operation] : a[_requestType]).Text);
        call.Operation = CallTypes.GetValueOrDefault(type) ?? Operations.Normalize(type);
        bool hasModel = fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered);
        SpanRole role = Operations.RoleOf(call.Operation) ?? (hasModel ? SpanRole.Call : SpanRole.Other);

        // The proxy's server span carries the attributes of the call that it makes itself, so it is a call of the proxy; where a client of the proxy is
        // seen too, the client is the one who reports the call.
        return role == SpanRole.Call && (span.Kind == KindServer || a.Has(_apiKeyHash)) ? SpanRole.ServerCall : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    // The cost, where it went, and the provider's usage with the parts that have no attribute of their own.
    private void ReadHidden(AttributeValue hidden, FieldValues fields) => JsonFields.EachMember(hidden, (Fields: fields, Key: _hiddenParameters), static (to, name, value) =>
    {
        if (name.SequenceEqual("response_cost"u8))
        {
            to.Fields.Supply(Field.Cost, value, to.Key);
        }
        else if (name.SequenceEqual("api_base"u8))
        {
            to.Fields.Supply(Field.ServerAddress, value, to.Key);
        }
        else if (name.SequenceEqual("usage_object"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "prompt_tokens_details", "cached_tokens"), to.Key);
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "cache_read_input_tokens"), to.Key);
            to.Fields.Supply(Field.CacheWrite, JsonFields.Find(value, "cache_creation_input_tokens"), to.Key);
            to.Fields.Supply(Field.Reasoning, JsonFields.Find(value, "completion_tokens_details", "reasoning_tokens"), to.Key);
        }
    });
}
