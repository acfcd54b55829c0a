using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_spans</c>.</summary>
internal sealed class SpanRows
{
    private readonly ResourceKeys _keys;
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _parentSpanId = new("parent_span_id");
    private readonly LowCardinalityStringColumn _environment = new("environment");
    private readonly LowCardinalityStringColumn _name = new("name");
    private readonly Enum8Column _kind = new("kind", "Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5)");
    private readonly LowCardinalityStringColumn _operation = new("operation");
    private readonly LowCardinalityStringColumn _convention = new("convention");
    private readonly LowCardinalityStringColumn _instrumentation = new("instrumentation");
    private readonly LowCardinalityStringColumn _role = new("role");
    private readonly Enum8Column _status = new("status", "Enum8('ok' = 1, 'error' = 2)");
    private readonly LowCardinalityStringColumn _errorType = new("error_type");
    private readonly LowCardinalityStringColumn _provider = new("provider");
    private readonly LowCardinalityStringColumn _modelRequested = new("model_requested");
    private readonly LowCardinalityStringColumn _modelAnswered = new("model_answered");
    private readonly LowCardinalityStringColumn _agentName = new("agent_name");
    private readonly LowCardinalityStringColumn _workflowName = new("workflow_name");
    private readonly LowCardinalityStringColumn _toolName = new("tool_name");
    private readonly StringColumn _toolCallId = new("tool_call_id");
    private readonly StringColumn _responseId = new("response_id");
    private readonly StringColumn _sessionId = new("session_id");
    private readonly StringColumn _userId = new("user_id");
    private readonly LowCardinalityStringColumn _notBilledBecause = new("not_billed_because");
    private readonly NullableNumberColumn<ulong> _inputTokens = new("input_tokens");
    private readonly NullableNumberColumn<ulong> _outputTokens = new("output_tokens");
    private readonly NullableNumberColumn<double> _duration = new("duration_ms");
    private readonly NullableNumberColumn<double> _ttft = new("ttft_ms");
    private readonly LowCardinalityStringColumn _ttftSource = new("ttft_source");
    private readonly LowCardinalityStringArrayColumn _flags = new("flags");
    private readonly LowCardinalityStringArrayColumn _labels = new("labels");
    private readonly StringMapColumn _tags = new("tags");
    private readonly StringColumn _metadata = new("metadata");

    public SpanRows(ResourceKeys keys, int partition)
    {
        _keys = keys;
        _dimensions = new SpanDimensions(keys, partition);
        Block = new NativeBlock(
        [
            .. _dimensions.Columns,
            _parentSpanId, _environment, _name, _kind, _operation, _convention, _instrumentation, _role, _status, _errorType, _provider, _modelRequested, _modelAnswered,
            _agentName, _workflowName, _toolName, _toolCallId, _responseId, _sessionId, _userId, _notBilledBecause, _inputTokens, _outputTokens, _duration, _ttft, _ttftSource, _flags, _labels, _tags, _metadata,
        ]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _metadata.Count;

    /// <summary>Appends one span.</summary>
    public void Append(SpanItem item)
    {
        const int StatusError = 2;
        LlmCall call = item.Call;
        _dimensions.Append(item);
        _parentSpanId.AppendHex(item.Span.ParentSpanId.Span);
        _environment.Append(_keys.Environment(item.Span.Resource));
        _name.Append(item.Span.Name.Span);
        _kind.Append((sbyte)item.Span.Kind);
        _operation.AppendText(call.Operation);
        _convention.AppendText(call.Convention);
        _instrumentation.Append(item.Span.ScopeName.Span);
        _role.AppendText(SpanRoles.Name(call.Role));
        _status.Append(call.IsError || item.Span.StatusCode == StatusError ? (sbyte)2 : (sbyte)1);
        _errorType.Append(call.ErrorType.Span);
        _provider.AppendText(call.Provider);
        _modelRequested.AppendText(call.ModelRequested);
        _modelAnswered.AppendText(call.ModelAnswered);
        _agentName.Append(call.AgentName.Span);
        _workflowName.Append(call.WorkflowName.Span);
        _toolName.Append(call.ToolName.Span);
        _toolCallId.Append(call.ToolCallId.Span);
        _responseId.Append(call.ResponseId.Span);
        _sessionId.Append(call.SessionId.Span);
        _userId.Append(call.UserId.Span);
        _notBilledBecause.AppendText(call.NotBilledBecause);
        _inputTokens.Append((ulong?)call.Usage.Input);
        _outputTokens.Append((ulong?)call.Usage.Output);
        _duration.Append(call.DurationMilliseconds);
        _ttft.Append(call.TtftMilliseconds);
        _ttftSource.AppendText(call.TtftMilliseconds is null ? "" : call.TtftSource);
        _flags.AppendRow(call.Flags);
        _labels.AppendRow(call.Labels);
        _tags.AppendRow(item.Span.Attributes);
        _metadata.AppendMetadata(call.Metadata);
    }
}
