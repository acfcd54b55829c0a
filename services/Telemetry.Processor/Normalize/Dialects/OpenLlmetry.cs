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
    private const string PythonPrefix = "opentelemetry.instrumentation.";
    private const int MostChoices = 8;

    // OpenTelemetry's own packages share the prefix; of these names only OpenLLMetry has a package.
    private static readonly byte[][] OwnPackages =
    [
        .. ((string[])["alephalpha", "bedrock", "cohere", "crewai", "google_generativeai", "groq", "haystack", "litellm", "llamaindex", "mistralai", "ollama", "replicate", "sagemaker", "together", "transformers", "voyageai", "watsonx", "writer"])
            .Select(p => System.Text.Encoding.UTF8.GetBytes(PythonPrefix + p)),
    ];

    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _spanKind;
    private readonly AttributeKey _entityName;
    private readonly AttributeKey _requestType;
    private readonly AttributeKey _entityInput;
    private readonly AttributeKey _entityOutput;
    private readonly AttributeKey _chunk;
    private readonly AttributeKey _workflow;
    private readonly AttributeKey[] _finishReasons;

    public OpenLlmetry(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _spanKind = keys.Add("traceloop.span.kind");
        _entityName = keys.Add("traceloop.entity.name");
        _requestType = keys.Add("llm.request.type");
        _entityInput = keys.Add("traceloop.entity.input");
        _entityOutput = keys.Add("traceloop.entity.output");
        _chunk = keys.Add("llm.content.completion.chunk");
        _workflow = keys.Add("traceloop.workflow.name");
        _finishReasons = [.. Enumerable.Range(0, MostChoices).Select(n => keys.Add($"gen_ai.completion.{n}.finish_reason"))];
        map.Add(Field.TotalTokens, "llm.usage.total_tokens")
            .Add(Field.InputTokens, "llm.usage.prompt_tokens")
            .Add(Field.OutputTokens, "llm.usage.completion_tokens")
            .Add(Field.CacheRead, "llm.usage.cache_read_input_tokens")
            .Add(Field.CacheWrite, "llm.usage.cache_creation_input_tokens")
            .Add(Field.Reasoning, "llm.usage.reasoning_tokens")
            .Add(Field.ModelRequested, "llm.request.model")
            .Add(Field.ModelAnswered, "llm.response.model")
            .Add(Field.FinishReasons, "llm.response.finish_reason", "llm.response.stop_reason")
            .Add(Field.Session, "traceloop.association.properties.session_id", "traceloop.association.properties.chat_id", "traceloop.association.properties.conversation_id", "traceloop.association.properties.Helicone-Session-Id")
            .Add(Field.User, "traceloop.association.properties.user_id", "traceloop.association.properties.customer_id", "gen_ai.user", "llm.user", "traceloop.association.properties.Helicone-User-Id")
            .Add(Field.PromptName, "traceloop.prompt.key")
            .Add(Field.PromptVersion, "traceloop.prompt.version", "traceloop.prompt.version_name")
            .Add(Field.Workflow, "traceloop.workflow.name");
    }

    /// <inheritdoc />
    public string Name => "openllmetry";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        ReadOnlySpan<byte> scope = span.ScopeName.Span;
        return a.Has(_spanKind) || a.Has(_requestType) || a.Has(_chunk) || a.Has(_finishReasons[0]) || scope.StartsWith("@traceloop/"u8) || scope.StartsWith("traceloop"u8) || IsPythonPackage(scope, a, fields);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadFinishReasons(a, fields, call);
        ReadOnlySpan<byte> kind = a[_spanKind].Text;
        if (!kind.IsEmpty && !kind.SequenceEqual("unknown"u8))
        {
            fields.Supply(Field.InputMessages, a[_entityInput], _entityInput);
            fields.Supply(Field.OutputMessages, a[_entityOutput], _entityOutput);
            return RoleOfEntity(kind, a, fields, call);
        }

        if (!fields.Has(Field.Operation) && a.Has(_requestType))
        {
            // Whatever it asked for, it was a request to a model.
            call.Operation = _plain.OperationOf(a[_requestType]);
            SpanRole role = Operations.RoleOf(call.Operation, fields, span.Kind);
            call.Operation = call.Operation == "unknown" ? "" : call.Operation;
            return role == SpanRole.Other ? SpanRole.Call : role;
        }

        return _plain.RoleOf(span, fields, call);
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        ReadOnlySpan<byte> scope = span.ScopeName.Span;

        // The Python package passes Bedrock Converse's input through; the JavaScript one adds up.
        if (scope.StartsWith("opentelemetry.instrumentation.bedrock"u8))
        {
            return UsageMeaning.CacheApart;
        }

        // Candidates only: thoughts stand beside, or in the total alone.
        bool isGemini = scope.StartsWith("opentelemetry.instrumentation.google_generativeai"u8) || scope.StartsWith("opentelemetry.instrumentation.vertexai"u8);
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

        bool isWorkflow = kind.SequenceEqual("workflow"u8);
        call.Operation = isWorkflow ? Operations.InvokeWorkflow : Operations.Task;
        if (isWorkflow)
        {
            fields.Supply(Field.Workflow, a[_entityName], _entityName);
        }

        return SpanRole.Wrapper;
    }

    // One attribute for each choice.
    private void ReadFinishReasons(AttributeSet a, FieldValues fields, LlmCall call)
    {
        if (fields.Has(Field.FinishReasons))
        {
            return;
        }

        foreach (AttributeKey key in _finishReasons)
        {
            if (a[key].TextMemory is { Length: > 0 } reason)
            {
                call.FinishReasons.Add(reason);
            }
        }
    }

    private bool IsPythonPackage(ReadOnlySpan<byte> scope, AttributeSet a, FieldValues fields)
    {
        if (!scope.StartsWith("opentelemetry.instrumentation."u8))
        {
            return false;
        }

        foreach (byte[] package in OwnPackages)
        {
            // The package itself or a part of it: opentelemetry.instrumentation.bedrock.converse.
            if (scope.StartsWith(package) && (scope.Length == package.Length || scope[package.Length] == (byte)'.'))
            {
                return true;
            }
        }

        return !scope.EndsWith("_v2"u8) && (fields.Has(Field.TotalTokens) || a.Has(_workflow));
    }
}
