using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// OpenLIT: the plain conventions with <c>telemetry.sdk.name=openlit</c> on the resource. Its <c>gen_ai.server.time_to_first_token</c> stands on calls that are
/// not streamed too, where it is the whole duration, and is read only where the call says that it streamed; Anthropic's and Bedrock's input leaves the cache
/// out. Source: openlit/openlit, semcov and instrumentations.
/// </summary>
internal sealed class OpenLit : ISpanDialect
{
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _sdkName;
    private readonly AttributeKey _environment;
    private readonly AttributeKey _application;
    private readonly AttributeKey _traceloopKind;
    private readonly AttributeKey _requestType;

    public OpenLit(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _sdkName = keys.Add("telemetry.sdk.name");
        _environment = keys.Add("gen_ai.environment");
        _application = keys.Add("gen_ai.application_name");
        _traceloopKind = keys.Add("traceloop.span.kind");
        _requestType = keys.Add("llm.request.type");
        map.Add(Field.User, "gen_ai.request.user", "gen_ai.user.id")
            .Add(Field.Session, "gen_ai.session.id")
            .Add(Field.Environment, "gen_ai.environment");
    }

    /// <inheritdoc />
    public string Name => "openlit";

    /// <inheritdoc />
    public IEnumerable<AttributeKey> TellingKeys => [_sdkName];

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        if (span.ScopeName.Span.StartsWith("openlit"u8) || span.Attributes.Has(_environment) || span.Attributes.Has(_application))
        {
            return true;
        }

        // The resource is that of all spans of the process, those of other instrumentations in it too.
        bool isProcess = span.Resource[_sdkName].Text.SequenceEqual("openlit"u8) || span.Attributes[_sdkName].Text.SequenceEqual("openlit"u8);
        return isProcess && !span.Attributes.Has(_traceloopKind) && !span.Attributes.Has(_requestType);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call) => _plain.RoleOf(span, fields, call);

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) =>
        call.Provider is "anthropic" or "aws.bedrock" ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
}
