using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// OpenLIT: the plain conventions with <c>telemetry.sdk.name=openlit</c> on the resource. Its <c>gen_ai.server.time_to_first_token</c> stands on calls that are
/// not streamed too, where it is the whole duration; Anthropic's input leaves the cache out. Source: openlit/openlit, semcov and instrumentations.
/// </summary>
internal sealed class OpenLit : ISpanDialect
{
    private readonly AttributeKey _sdkName;
    private readonly AttributeKey _firstToken;
    private readonly AttributeKey _environment;

    public OpenLit(AttributeKeys keys, FieldMap map)
    {
        _sdkName = keys.Add("telemetry.sdk.name");
        _firstToken = keys.Add("gen_ai.server.time_to_first_token");
        _environment = keys.Add("gen_ai.environment");
        map.Add(Field.User, "gen_ai.request.user", "gen_ai.user.id")
            .Add(Field.Session, "gen_ai.session.id")
            .Add(Field.Environment, "gen_ai.environment");
    }

    /// <inheritdoc />
    public string Name => "openlit";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Resource[_sdkName].Text.SequenceEqual("openlit"u8)
        || span.Attributes[_sdkName].Text.SequenceEqual("openlit"u8) || span.ScopeName.Span.StartsWith("openlit"u8) || span.Attributes.Has(_environment);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        const double MillisecondsPerSecond = 1000;
        if (fields[Field.Stream].AsBool() == true && span.Attributes[_firstToken].TryGetNumber(out double seconds))
        {
            call.ReportedTtftMilliseconds = seconds * MillisecondsPerSecond;
            call.TtftSource = "gen_ai.server.time_to_first_token";
        }

        return OpenTelemetryGenAi.RoleOf(span, fields, call);
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => call.Provider == "anthropic" ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
}
