using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// The OpenTelemetry GenAI conventions, all generations that are live: up to 1.36 (<c>gen_ai.system</c>, message events), 1.37 to 1.41
/// (<c>gen_ai.provider.name</c>, message attributes) and later names. Its names are the common ones; what it knows of roles, other dialects ask too.
/// </summary>
internal sealed class OpenTelemetryGenAi(AttributeKeys keys) : ISpanDialect
{
    private const int KindServer = 2;

    private readonly TextInterner _texts = new();
    private readonly AttributeKey _agentName = keys.Add("gen_ai.agent.name");
    private readonly AttributeKey _workflowName = keys.Add("gen_ai.workflow.name");
    private readonly AttributeKey _toolName = keys.Add("gen_ai.tool.name");
    private readonly AttributeKey _mcpMethod = keys.Add("mcp.method.name");

    /// <inheritdoc />
    public string Name => "otel_genai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) =>
        fields.Has(Field.Operation) || fields.Has(Field.Provider) || fields.Has(Field.ModelRequested) || fields.Has(Field.ModelAnswered)
        || fields.Has(Field.InputTokens) || fields.Has(Field.OutputTokens)
        || span.Attributes.Has(_agentName) || span.Attributes.Has(_workflowName) || span.Attributes.Has(_toolName) || span.Attributes.Has(_mcpMethod);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call) => RoleOf(span, fields, call);

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    /// <summary>The role by the plain conventions; also sets the operation. A server's view of a call is no call of its own where the client is seen.</summary>
    public SpanRole RoleOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        call.Operation = OperationOf(fields[Field.Operation]);
        if (call.Operation.Length == 0)
        {
            call.Operation = Operations.OfSpanName(span.Name.Span);
        }

        if (call.Operation.Length == 0 && span.Attributes[_mcpMethod].Text.SequenceEqual("tools/call"u8))
        {
            call.Operation = Operations.ExecuteTool;
        }

        SpanRole role = Operations.RoleOf(call.Operation, fields, span.Kind);
        bool isServer = span.Kind == KindServer || span.ScopeName.Span.StartsWith("com.anthropic.claude-platform"u8);
        return role == SpanRole.Call && isServer ? SpanRole.ServerCall : role;
    }

    /// <summary>The conventions' name of the operation in a value; empty when it is no text.</summary>
    public string OperationOf(AttributeValue value) => Operations.Normalize(_texts.Get(value.Text));
}
