using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize;

/// <summary>
/// The OpenTelemetry GenAI conventions, all generations that are live: up to 1.36 (<c>gen_ai.system</c>, message events), 1.37 to 1.41
/// (<c>gen_ai.provider.name</c>, message attributes) and later names, with the deprecated usage names.
/// </summary>
internal sealed class OpenTelemetryGenAi(AttributeKeys keys, TextInterner texts) : ISpanDialect
{
    private const double MillisecondsPerSecond = 1000;

    private readonly AttributeKey _operation = keys.Add("gen_ai.operation.name");
    private readonly AttributeKey _provider = keys.Add("gen_ai.provider.name");
    private readonly AttributeKey _system = keys.Add("gen_ai.system");
    private readonly AttributeKey _requestModel = keys.Add("gen_ai.request.model");
    private readonly AttributeKey _responseModel = keys.Add("gen_ai.response.model");
    private readonly AttributeKey _responseId = keys.Add("gen_ai.response.id");
    private readonly AttributeKey _finishReasons = keys.Add("gen_ai.response.finish_reasons");
    private readonly AttributeKey _finishReason = keys.Add("gen_ai.response.finish_reason");
    private readonly AttributeKey _stream = keys.Add("gen_ai.request.stream");
    private readonly AttributeKey _isStreaming = keys.Add("gen_ai.is_streaming");
    private readonly AttributeKey _firstChunk = keys.Add("gen_ai.response.time_to_first_chunk");
    private readonly AttributeKey _firstChunkMetricName = keys.Add("gen_ai.client.operation.time_to_first_chunk");
    private readonly AttributeKey _errorType = keys.Add("error.type");
    private readonly AttributeKey _exceptionType = keys.Add("exception.type");
    private readonly AttributeKey _promptName = keys.Add("gen_ai.prompt.name");
    private readonly AttributeKey _promptVersion = keys.Add("gen_ai.prompt.version");
    private readonly AttributeKey _conversation = keys.Add("gen_ai.conversation.id");
    private readonly AttributeKey _session = keys.Add("session.id");
    private readonly AttributeKey _user = keys.Add("user.id");
    private readonly AttributeKey _endUser = keys.Add("enduser.id");
    private readonly AttributeKey _agent = keys.Add("gen_ai.agent.name");
    private readonly AttributeKey _workflow = keys.Add("gen_ai.workflow.name");
    private readonly AttributeKey _tool = keys.Add("gen_ai.tool.name");
    private readonly AttributeKey _responseTier = keys.Add("openai.response.service_tier");
    private readonly AttributeKey _olderResponseTier = keys.Add("gen_ai.openai.response.service_tier");
    private readonly AttributeKey _requestTier = keys.Add("openai.request.service_tier");
    private readonly AttributeKey _olderRequestTier = keys.Add("gen_ai.openai.request.service_tier");
    private readonly AttributeKey _reportedCost = keys.Add("gen_ai.usage.cost");
    private readonly AttributeKey _operationCost = keys.Add("operation.cost");
    private readonly AttributeKey _instructions = keys.Add("gen_ai.system_instructions");
    private readonly AttributeKey _inputMessages = keys.Add("gen_ai.input.messages");
    private readonly AttributeKey _outputMessages = keys.Add("gen_ai.output.messages");
    private readonly AttributeKey _toolDefinitions = keys.Add("gen_ai.tool.definitions");
    private readonly AttributeKey _prompt = keys.Add("gen_ai.prompt");
    private readonly AttributeKey _completion = keys.Add("gen_ai.completion");
    private readonly GenAiUsage _usage = new(keys);

    /// <inheritdoc />
    public string Name => "otel_genai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span)
    {
        AttributeSet a = span.Attributes;
        return a.Has(_operation) || a.Has(_provider) || a.Has(_system) || a.Has(_requestModel) || a.Has(_responseModel) || _usage.IsOn(a);
    }

    /// <inheritdoc />
    public bool Read(DecodedSpan span, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        call.Convention = Name;
        call.Provider = ProviderNames.Normalize(Text(a, _provider, _system));
        call.ModelRequested = Text(a, _requestModel);
        call.ModelAnswered = Text(a, _responseModel);
        call.Operation = Operations.Normalize(Text(a, _operation));
        ReadDimensions(a, call);
        ReadOutcome(span, call);
        call.Usage = _usage.Read(a, call.Flags);
        call.TokensSource = call.Usage.Input is null && call.Usage.Output is null ? TokensSource.Unknown : TokensSource.Reported;
        ReadFirstChunk(span, call);
        ReadContent(a, call.Content);
        return IsCall(call);
    }

    private static bool IsCall(LlmCall call)
    {
        if (Operations.IsCall(call.Operation))
        {
            return true;
        }

        // Emitters before the operation attribute, and some frameworks, leave it out: a model with usage is a call.
        if (call.Operation.Length == 0 && call.TokensSource == TokensSource.Reported && (call.ModelRequested.Length > 0 || call.ModelAnswered.Length > 0))
        {
            return true;
        }

        call.NotBilledBecause = call.Operation.Length == 0 ? "no operation and no usage" : "operation is not a provider call";
        return false;
    }

    private void ReadDimensions(AttributeSet a, LlmCall call)
    {
        call.Stream = a[_stream].AsBool() ?? a[_isStreaming].AsBool();
        call.ResponseId = a[_responseId].TextMemory;
        call.PromptName = a[_promptName].TextMemory;
        call.PromptVersion = a[_promptVersion].TextMemory;
        call.SessionId = a.Has(_session) ? a[_session].TextMemory : a[_conversation].TextMemory;
        call.UserId = a.Has(_user) ? a[_user].TextMemory : a[_endUser].TextMemory;
        call.AgentName = a[_agent].TextMemory;
        call.WorkflowName = a[_workflow].TextMemory;
        call.ToolName = a[_tool].TextMemory;
        call.ServiceTier = Text(a, _responseTier, _olderResponseTier, _requestTier, _olderRequestTier);
        a[_finishReasons].CollectTexts(call.FinishReasons);
        if (call.FinishReasons.Count == 0)
        {
            a[_finishReason].CollectTexts(call.FinishReasons);
        }

        call.ReportedCostUsd = Money(a[_reportedCost]) ?? Money(a[_operationCost]);
    }

    private void ReadOutcome(DecodedSpan span, LlmCall call)
    {
        const int StatusError = 2;
        call.ErrorType = span.Attributes[_errorType].TextMemory;
        call.IsError = span.StatusCode == StatusError || call.ErrorType.Length > 0;
        if (!call.IsError || call.ErrorType.Length > 0)
        {
            return;
        }

        foreach (DecodedEvent e in span.Events)
        {
            if (e.Attributes[_exceptionType].TextMemory is { Length: > 0 } type)
            {
                call.ErrorType = type;
            }
        }

        if (call.ErrorType.IsEmpty)
        {
            // The conventions' value for an error whose type is not known.
            call.ErrorType = "_OTHER"u8.ToArray();
        }
    }

    private void ReadFirstChunk(DecodedSpan span, LlmCall call)
    {
        if (span.Attributes[_firstChunk].TryGetNumber(out double seconds))
        {
            call.ReportedTtftMilliseconds = seconds * MillisecondsPerSecond;
            call.TtftSource = "gen_ai.response.time_to_first_chunk";
        }
        else if (span.Attributes[_firstChunkMetricName].TryGetNumber(out seconds))
        {
            call.ReportedTtftMilliseconds = seconds * MillisecondsPerSecond;
            call.TtftSource = "gen_ai.client.operation.time_to_first_chunk";
        }
    }

    private void ReadContent(AttributeSet a, CallContent content)
    {
        content.SystemInstructions = a[_instructions];
        content.InputMessages = a.Has(_inputMessages) ? a[_inputMessages] : a[_prompt];
        content.OutputMessages = a.Has(_outputMessages) ? a[_outputMessages] : a[_completion];
        content.ToolDefinitions = a[_toolDefinitions];
    }

    private string Text(AttributeSet a, params ReadOnlySpan<AttributeKey> candidates)
    {
        foreach (AttributeKey key in candidates)
        {
            if (a[key].Text is { Length: > 0 } text)
            {
                return texts.Get(text);
            }
        }

        return "";
    }

    private static decimal? Money(AttributeValue value)
    {
        const double Largest = 900_000;
        return value.TryGetNumber(out double number) && Math.Abs(number) < Largest ? (decimal)number : null;
    }
}
