using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// MLflow Tracing: every value is encoded as JSON, plain texts too; usage is one JSON object; LLM, CHAT_MODEL and EMBEDDING spans are calls.
/// Source: mlflow/mlflow, tracing constants and the OTLP exporter.
/// </summary>
internal sealed class MLflow : ISpanDialect
{
    private readonly TextInterner _texts = new();
    private readonly AttributeKey _type;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _model;
    private readonly AttributeKey _provider;
    private readonly AttributeKey _format;
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
        _format = keys.Add("mlflow.message.format");
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
        fields.Unquote();
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
            _ when type.SequenceEqual("UNKNOWN"u8) => (SpanRole.Wrapper, "unknown"),
            _ => (SpanRole.Wrapper, _texts.Get(type)),
        };
        ReadUsage(a, fields);
        SupplyText(fields, Field.ModelRequested, a[_model], _model);
        SupplyText(fields, Field.Provider, a[_provider], _provider);
        SupplyText(fields, Field.Session, a[_session], _session);
        SupplyText(fields, Field.User, a[_user], _user);
        if (a.Has(_prompts))
        {
            ReadPrompt(a[_prompts], fields);
        }

        call.Content.RecordedInput = a[_inputs];
        call.Content.RecordedOutput = a[_outputs];
        if (role == SpanRole.Call)
        {
            ReadRecorded(a[_inputs], a[_outputs], fields, call);
        }
        else if (call.Operation == Operations.ExecuteTool)
        {
            fields.Supply(Field.Tool, AttributeValue.OfText(span.Name), _type);
        }

        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        // The adapter passes the API's numbers on, so what they leave out is the API's doing; LangChain's adds up before.
        ReadOnlySpan<byte> format = JsonFields.Unquote(span.Attributes[_format].TextMemory).Span;
        bool isAdded = format.SequenceEqual("langchain"u8) || format.SequenceEqual("openai"u8);
        bool isApart = format.SequenceEqual("anthropic"u8) || format.SequenceEqual("bedrock"u8) || call.Provider is "anthropic" or "aws.bedrock";
        if (isApart && !isAdded)
        {
            return UsageMeaning.CacheApart;
        }

        return format.SequenceEqual("gemini"u8) ? UsageMeaning.ReasoningApart : UsageMeaning.Inclusive;
    }

    private void ReadUsage(AttributeSet a, FieldValues fields)
    {
        if (a.Has(_usage))
        {
            AttributeValue usage = a[_usage];
            fields.Supply(Field.InputTokens, JsonFields.Find(usage, "input_tokens"), _usage);
            fields.Supply(Field.OutputTokens, JsonFields.Find(usage, "output_tokens"), _usage);
            fields.Supply(Field.TotalTokens, JsonFields.Find(usage, "total_tokens"), _usage);
            fields.Supply(Field.CacheRead, JsonFields.Find(usage, "cache_read_input_tokens"), _usage);
            fields.Supply(Field.CacheWrite, JsonFields.Find(usage, "cache_creation_input_tokens"), _usage);
        }

        fields.Supply(Field.Cost, JsonFields.Find(a[_cost], "total_cost"), _cost);
    }

    private static void SupplyText(FieldValues fields, Field field, AttributeValue json, AttributeKey source)
    {
        ReadOnlyMemory<byte> text = JsonFields.Unquote(json.TextMemory);
        if (!text.Span.SequenceEqual("null"u8))
        {
            fields.Supply(field, AttributeValue.OfText(text), source);
        }
    }

    // What has no attribute stands in the recorded request and response only.
    private void ReadRecorded(AttributeValue inputs, AttributeValue outputs, FieldValues fields, LlmCall call)
    {
        fields.Supply(Field.ModelRequested, JsonFields.Find(inputs, "model"), _inputs);
        fields.Supply(Field.Stream, JsonFields.Find(inputs, "stream"), _inputs);
        JsonFields.EachMember(outputs, (Fields: fields, Call: call, Key: _outputs), static (to, name, value) =>
        {
            if (name.SequenceEqual("model"u8))
            {
                to.Fields.Supply(Field.ModelAnswered, value, to.Key);
            }
            else if (name.SequenceEqual("id"u8))
            {
                to.Fields.Supply(Field.ResponseId, value, to.Key);
            }
            else if (name.SequenceEqual("service_tier"u8))
            {
                to.Fields.Supply(Field.ServiceTier, value, to.Key);
            }
            else if (name.SequenceEqual("stop_reason"u8))
            {
                to.Fields.Supply(Field.FinishReasons, value, to.Key);
            }
            else if (name.SequenceEqual("choices"u8) && !to.Fields.Has(Field.FinishReasons))
            {
                JsonFields.CollectFromArray(value, "finish_reason", to.Call.FinishReasons);
            }
        });
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
