using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Dialects;
using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// All dialects in the order in which they are asked. Those with marker attributes of their own come first, since many of them write <c>gen_ai.*</c> beside;
/// of two with markers, the one that says more exactly what is billable comes first. The plain conventions come last.
/// </summary>
internal sealed class DialectList
{
    private const int Remembered = 2048;

    private readonly ISpanDialect[] _dialects;
    private readonly SpanShape _shape;
    private readonly (ulong Shape, ISpanDialect? Dialect)[] _recent = new (ulong, ISpanDialect?)[Remembered];

    public DialectList(AttributeKeys keys)
    {
        var map = new FieldMap(keys);
        CommonFields.Register(map);
        var plain = new OpenTelemetryGenAi(keys);
        _dialects =
        [
            new Langfuse(keys, map, plain),
            new LangSmith(keys, map, plain),
            new MLflow(keys),
            new VercelAiSdk(keys, map),
            new Vllm(keys, map),
            new LiteLlm(keys),
            new PydanticAi(keys, plain),
            new OpenInference(keys, map, plain),
            new ClaudeCode(keys),
            new GoogleAdk(keys, map, plain),
            new Genkit(keys, map, plain),
            new LiveKit(keys, plain),
            new Langtrace(keys, plain),
            new OpenLit(keys, map, plain),
            new OpenLlmetry(keys, map, plain),
            new MicrosoftAi(map, plain),
            plain,
        ];
        Fields = new FieldValues(map);
        _shape = new SpanShape(keys, _dialects.SelectMany(d => d.TellingKeys));
    }

    /// <summary>Where the fields of the span at hand are read into.</summary>
    public FieldValues Fields { get; }

    /// <summary>The dialect of a span whose fields have been read; null when none knows it.</summary>
    public ISpanDialect? Find(DecodedSpan span)
    {
        ulong shape = _shape.Of(span);
        ref (ulong Shape, ISpanDialect? Dialect) recent = ref _recent[shape % Remembered];
        if (recent.Shape != shape)
        {
            recent = (shape, Ask(span));
        }

        return recent.Dialect;
    }

    /// <summary>Asks the dialects in their order.</summary>
    internal ISpanDialect? Ask(DecodedSpan span)
    {
        foreach (ISpanDialect dialect in _dialects)
        {
            if (dialect.Recognizes(span, Fields))
            {
                return dialect;
            }
        }

        return null;
    }
}
