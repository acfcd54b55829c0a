using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// OpenLLMetry (Traceloop), before and after its move to the GenAI conventions: <c>traceloop.*</c> on workflow, task, agent and tool spans, which are never
/// calls; <c>llm.request.type</c> and indexed <c>gen_ai.prompt.N</c> on older calls. Source: traceloop/openllmetry, semantic-conventions-ai.
/// </summary>
internal sealed class OpenLlmetry : ISpanDialect
{
    private readonly AttributeKey _spanKind;
    private readonly AttributeKey _entityName;
    private readonly AttributeKey _requestType;
    private readonly AttributeKey _entityInput;
    private readonly AttributeKey _entityOutput;
    private readonly AttributeKey _chunk;

    public OpenLlmetry(AttributeKeys keys, FieldMap map)
    {
        _spanKind = keys.Add("traceloop.span.kind");
        _entityName = keys.Add("traceloop.entity.name");
        _requestType = keys.Add("llm.request.type");
        _entityInput = keys.Add("traceloop.entity.input");
        _entityOutput = keys.Add("traceloop.entity.output");
        _chunk = keys.Add("llm.content.completion.chunk");
        map.Add(Field.TotalTokens, "llm.usage.total_tokens")
            .Add(Field.InputTokens, "llm.usage.prompt_tokens")
            .Add(Field.OutputTokens, "llm.usage.completion_tokens")
            .Add(Field.CacheRead, "llm.usage.cache_read_input_tokens")
            .Add(Field.CacheWrite, "llm.usage.cache_creation_input_tokens")
            .Add(Field.Reasoning, "llm.usage.reasoning_tokens")
            .Add(Field.ModelRequested, "llm.request.model")
            .Add(Field.ModelAnswered, "llm.response.model")
            .Add(Field.FinishReasons, "gen_ai.completion.0.finish_reason", "llm.response.finish_reason", "llm.response.stop_reason")
            .Add(Field.Session, "traceloop.association.properties.session_id", "traceloop.association.properties.chat_id", "traceloop.association.properties.conversation_id", "traceloop.association.properties.Helicone-Session-Id")
            .Add(Field.User, "traceloop.association.properties.user_id", "traceloop.association.properties.customer_id", "gen_ai.user", "llm.user", "traceloop.association.properties.Helicone-User-Id")
            .Add(Field.PromptName, "traceloop.prompt.key")
            .Add(Field.PromptVersion, "traceloop.prompt.version_name", "traceloop.prompt.version")
            .Add(Field.Workflow, "traceloop.workflow.name");
    }

    /// <inheritdoc />
    public string Name => "openllmetry";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_spanKind) || span.Attributes.Has(_requestType) || span.Attributes.Has(_chunk)
        || span.ScopeName.Span.StartsWith("@traceloop/"u8) || (IsPythonPackage(span.ScopeName.Span) && OpenTelemetryIs(fields));

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        if (a.Has(_spanKind))
        {
            fields.Supply(Field.InputMessages, a[_entityInput], _entityInput);
            fields.Supply(Field.OutputMessages, a[_entityOutput], _entityOutput);
            return RoleOfEntity(a[_spanKind].Text, a, fields, call);
        }

        if (!fields.Has(Field.Operation) && a.Has(_requestType))
        {
            call.Operation = Operations.Normalize(System.Text.Encoding.UTF8.GetString(a[_requestType].Text));
            return Operations.RoleOf(call.Operation, fields) is SpanRole.Other ? SpanRole.Call : Operations.RoleOf(call.Operation, fields);
        }

        return OpenTelemetryGenAi.RoleOf(span, fields, call);
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        ReadOnlySpan<byte> scope = span.ScopeName.Span;

        // The Python package passes Bedrock Converse's input through; the JavaScript one adds up.
        if (scope.SequenceEqual("opentelemetry.instrumentation.bedrock"u8))
        {
            return UsageMeaning.CacheApart;
        }

        // Candidates only: thoughts stand beside.
        bool isGemini = scope.SequenceEqual("opentelemetry.instrumentation.google_generativeai"u8) || scope.SequenceEqual("opentelemetry.instrumentation.vertexai"u8);
        return isGemini ? UsageMeaning.ReasoningApart : UsageMeaning.Inclusive;
    }

    private SpanRole RoleOfEntity(ReadOnlySpan<byte> kind, AttributeSet a, FieldValues fields, LlmCall call)
    {
        if (kind.SequenceEqual("tool"u8))
        {
            call.Operation = Operations.ExecuteTool;
            fields.Supply(Field.Tool, a[_entityName], _entityName);
            return SpanRole.Other;
        }

        if (kind.SequenceEqual("agent"u8))
        {
            call.Operation = Operations.InvokeAgent;
            fields.Supply(Field.Agent, a[_entityName], _entityName);
            return SpanRole.Wrapper;
        }

        call.Operation = kind.SequenceEqual("workflow"u8) ? Operations.InvokeWorkflow : Operations.Task;
        return SpanRole.Wrapper;
    }

    // OpenTelemetry's own packages share the prefix; these are the ones of which only OpenLLMetry has a package by that name, or that still write older names.
    private static bool IsPythonPackage(ReadOnlySpan<byte> scope) => scope.StartsWith("opentelemetry.instrumentation."u8) && !scope.EndsWith("_v2"u8);

    private static bool OpenTelemetryIs(FieldValues fields) => fields.Has(Field.TotalTokens) || fields.Has(Field.Workflow);
}
