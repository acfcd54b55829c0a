using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// MLflow Tracing: every <c>mlflow.*</c> value is encoded as JSON, plain texts too; usage is one JSON object; LLM, CHAT_MODEL and EMBEDDING spans are calls.
/// Source: mlflow/mlflow, tracing constants and the OTLP exporter.
/// </summary>
internal sealed class MLflow : ISpanDialect
{
    private readonly AttributeKey _type;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _model;
    private readonly AttributeKey _provider;
    private readonly AttributeKey _cost;
    private readonly AttributeKey _prompts;
    private readonly AttributeKey _session;
    private readonly AttributeKey _user;
    private readonly AttributeKey _inputs;
    private readonly AttributeKey _outputs;

    public MLflow(AttributeKeys keys)
    {
        _type = keys.Add("mlflow.spanType");
        _usage = keys.Add("mlflow.chat.tokenUsage");
        _model = keys.Add("mlflow.llm.model");
        _provider = keys.Add("mlflow.llm.provider");
        _cost = keys.Add("mlflow.llm.cost");
        _prompts = keys.Add("mlflow.linkedPrompts");
        _session = keys.Add("mlflow.trace.session");
        _user = keys.Add("mlflow.trace.user");
        _inputs = keys.Add("mlflow.spanInputs");
        _outputs = keys.Add("mlflow.spanOutputs");
    }

    /// <inheritdoc />
    public string Name => "mlflow";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_type);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadOnlySpan<byte> type = JsonFields.Unquote(a[_type].TextMemory).Span;
        (SpanRole role, call.Operation) = type switch
        {
            _ when type.SequenceEqual("CHAT_MODEL"u8) || type.SequenceEqual("LLM"u8) => (SpanRole.Call, Operations.Chat),
            _ when type.SequenceEqual("EMBEDDING"u8) => (SpanRole.Call, Operations.Embeddings),
            _ when type.SequenceEqual("RERANKER"u8) => (SpanRole.Call, Operations.Rerank),
            _ when type.SequenceEqual("AGENT"u8) => (SpanRole.Wrapper, Operations.InvokeAgent),
            _ when type.SequenceEqual("CHAIN"u8) || type.SequenceEqual("WORKFLOW"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
            _ when type.SequenceEqual("TOOL"u8) => (SpanRole.Other, Operations.ExecuteTool),
            _ when type.SequenceEqual("RETRIEVER"u8) => (SpanRole.Other, Operations.Retrieval),
            _ => (SpanRole.Wrapper, System.Text.Encoding.UTF8.GetString(type).ToLowerInvariant()),
        };
        AttributeValue usage = a[_usage];
        fields.Supply(Field.InputTokens, JsonFields.Find(usage, "input_tokens"), _usage);
        fields.Supply(Field.OutputTokens, JsonFields.Find(usage, "output_tokens"), _usage);
        fields.Supply(Field.TotalTokens, JsonFields.Find(usage, "total_tokens"), _usage);
        fields.Supply(Field.CacheRead, JsonFields.Find(usage, "cache_read_input_tokens"), _usage);
        fields.Supply(Field.CacheWrite, JsonFields.Find(usage, "cache_creation_input_tokens"), _usage);
        fields.Supply(Field.Cost, JsonFields.Find(a[_cost], "total_cost"), _cost);
        SupplyText(fields, Field.ModelRequested, a[_model], _model);
        SupplyText(fields, Field.Provider, a[_provider], _provider);
        SupplyText(fields, Field.Session, a[_session], _session);
        SupplyText(fields, Field.User, a[_user], _user);
        ReadPrompt(a[_prompts], fields);
        call.Content.RecordedInput = a[_inputs];
        call.Content.RecordedOutput = a[_outputs];
        SupplyFromInputs(a[_inputs], a[_outputs], fields);
        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) =>
        call.Provider is "anthropic" or "aws.bedrock" ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;

    private static void SupplyText(FieldValues fields, Field field, AttributeValue json, AttributeKey source)
    {
        ReadOnlyMemory<byte> text = JsonFields.Unquote(json.TextMemory);
        if (text.Length > 0 && !text.Span.SequenceEqual("null"u8))
        {
            fields.Supply(field, AttributeValue.OfText(text), source);
        }
    }

    // Versions before the model attribute record it in the request and the response only.
    private void SupplyFromInputs(AttributeValue inputs, AttributeValue outputs, FieldValues fields)
    {
        if (!fields.Has(Field.ModelRequested))
        {
            fields.Supply(Field.ModelRequested, JsonFields.Find(inputs, "model"), _inputs);
        }

        if (!fields.Has(Field.ResponseId))
        {
            fields.Supply(Field.ResponseId, JsonFields.Find(outputs, "id"), _outputs);
            fields.Supply(Field.ModelAnswered, JsonFields.Find(outputs, "model"), _outputs);
        }
    }

    private void ReadPrompt(AttributeValue linked, FieldValues fields)
    {
        // An array of prompts; a call has one.
        ReadOnlyMemory<byte> text = JsonFields.Unquote(linked.TextMemory);
        int open = text.Span.IndexOf((byte)'{');
        if (open >= 0)
        {
            int close = text.Span[open..].IndexOf((byte)'}');
            AttributeValue prompt = AttributeValue.OfText(close < 0 ? text[open..] : text.Slice(open, close + 1));
            fields.Supply(Field.PromptName, JsonFields.Find(prompt, "name"), _prompts);
            fields.Supply(Field.PromptVersion, JsonFields.Find(prompt, "version"), _prompts);
        }
    }
}
