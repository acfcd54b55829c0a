using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// The OpenTelemetry GenAI conventions, all generations that are live: up to 1.36 (<c>gen_ai.system</c>, message events), 1.37 to 1.41
/// (<c>gen_ai.provider.name</c>, message attributes) and later names. Its names are the common ones.
/// </summary>
internal sealed class OpenTelemetryGenAi : ISpanDialect
{
    /// <inheritdoc />
    public string Name => "otel_genai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) =>
        fields.Has(Field.Operation) || fields.Has(Field.Provider) || fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered)
        || fields.Has(Field.InputTokens) || fields.Has(Field.OutputTokens) || fields.Has(Field.Agent) || fields.Has(Field.Tool);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call) => RoleOf(span, fields, call);

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    /// <summary>The role by the plain conventions; also sets the operation. A server's view of a call is no call of its own where the client is seen.</summary>
    public static SpanRole RoleOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        const int KindServer = 2;
        call.Operation = OperationOf(fields);
        SpanRole role = Operations.RoleOf(call.Operation, fields);
        return role == SpanRole.Call && span.Kind == KindServer ? SpanRole.ServerCall : role;
    }

    private static string OperationOf(FieldValues fields)
    {
        ReadOnlySpan<byte> text = fields[Field.Operation].Text;
        return text switch
        {
            _ when text.SequenceEqual("chat"u8) => Operations.Chat,
            _ when text.IsEmpty => "",
            _ => Operations.Normalize(System.Text.Encoding.UTF8.GetString(text)),
        };
    }
}
