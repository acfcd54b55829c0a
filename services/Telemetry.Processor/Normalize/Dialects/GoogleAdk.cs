using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Google's Agent Development Kit (scope <c>gcp.vertex.agent</c>): <c>call_llm</c> is the call, with the candidates as output and the thoughts beside; newer
/// versions nest the plain conventions' span below it. Source: google/adk-python, telemetry.py.
/// </summary>
internal sealed class GoogleAdk : ISpanDialect
{
    private readonly AttributeKey _request;
    private readonly AttributeKey _response;
    private readonly AttributeKey _event;
    private readonly AttributeKey _toolArguments;

    public GoogleAdk(AttributeKeys keys, FieldMap map)
    {
        _request = keys.Add("gcp.vertex.agent.llm_request");
        _response = keys.Add("gcp.vertex.agent.llm_response");
        _event = keys.Add("gcp.vertex.agent.invocation_id");
        _toolArguments = keys.Add("gcp.vertex.agent.tool_call_args");
        map.Add(Field.Session, "gcp.vertex.agent.session_id");
    }

    /// <inheritdoc />
    public string Name => "google_adk";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) =>
        span.Attributes.Has(_request) || span.Attributes.Has(_event) || span.Attributes.Has(_toolArguments) || span.ScopeName.Span.SequenceEqual("gcp.vertex.agent"u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeValue response = span.Attributes[_response];
        fields.Supply(Field.CacheRead, JsonFields.Find(response, "usage_metadata", "cached_content_token_count"), _response);
        fields.Supply(Field.Reasoning, JsonFields.Find(response, "usage_metadata", "thoughts_token_count"), _response);
        call.Content.RecordedInput = span.Attributes[_request];
        call.Content.RecordedOutput = response;
        SpanRole role = OpenTelemetryGenAi.RoleOf(span, fields, call);
        if (span.Name.Span.SequenceEqual("call_llm"u8))
        {
            call.Operation = Operations.GenerateContent;
            return SpanRole.Call;
        }

        return span.Name.Span.StartsWith("invocation"u8) || span.Name.Span.StartsWith("agent_run"u8) ? SpanRole.Wrapper : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.ReasoningApart;
}
