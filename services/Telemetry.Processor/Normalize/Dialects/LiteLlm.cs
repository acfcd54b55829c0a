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

    private readonly AttributeKey _hiddenParameters;
    private readonly AttributeKey _requestType;
    private readonly AttributeKey _callId;
    private readonly AttributeKey _apiKeyHash;

    public LiteLlm(AttributeKeys keys, FieldMap map)
    {
        _hiddenParameters = keys.Add("hidden_params");
        _requestType = keys.Add("llm.request.type");
        _callId = keys.Add("litellm_call_id");
        _apiKeyHash = keys.Add("metadata.user_api_key_hash");
        map.Add(Field.User, "metadata.user_api_key_end_user_id", "metadata.user_api_key_user_id")
            .Add(Field.Cost, "gen_ai.cost.total_cost");
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
        if (span.Name.Span.SequenceEqual("raw_gen_ai_request"u8))
        {
            call.Operation = "raw_request";
            return SpanRole.Other;
        }

        fields.Supply(Field.Cost, JsonFields.Find(span.Attributes[_hiddenParameters], "response_cost"), _hiddenParameters);
        call.Operation = Operations.Normalize(System.Text.Encoding.UTF8.GetString((fields.Has(Field.Operation) ? fields[Field.Operation] : span.Attributes[_requestType]).Text));
        bool hasModel = fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered);
        SpanRole role = Operations.RoleOf(call.Operation) ?? (hasModel ? SpanRole.Call : SpanRole.Other);
        if (role == SpanRole.Call && call.Operation.Length == 0)
        {
            call.Operation = Operations.Chat;
        }

        // The proxy's server span carries the attributes of the call that it makes itself, so it is a call of the proxy; where a client of the proxy is
        // seen too, the client is the one who reports the call.
        return role == SpanRole.Call && (span.Kind == KindServer || span.Attributes.Has(_apiKeyHash)) ? SpanRole.ServerCall : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;
}
