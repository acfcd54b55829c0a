using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Contracts.Prices;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_calls</c>, column by column; the order of the columns does not matter to ClickHouse, their names do.</summary>
internal sealed class CallRows
{
    private const int MoneyPrecision = 18;
    private const int MoneyScale = 12;

    private readonly ResourceKeys _keys;
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _parentSpanId = new("parent_span_id");
    private readonly LowCardinalityStringColumn _environment = new("environment");
    private readonly LowCardinalityStringColumn _provider = new("provider");
    private readonly LowCardinalityStringColumn _modelRequested = new("model_requested");
    private readonly LowCardinalityStringColumn _modelAnswered = new("model_answered");
    private readonly LowCardinalityStringColumn _operation = new("operation");
    private readonly LowCardinalityStringColumn _convention = new("convention");
    private readonly LowCardinalityStringColumn _instrumentation = new("instrumentation");
    private readonly LowCardinalityStringColumn _role = new("role");
    private readonly NullableBoolColumn _stream = new("stream");
    private readonly Enum8Column _status = new("status", "Enum8('ok' = 1, 'error' = 2)");
    private readonly LowCardinalityStringColumn _errorType = new("error_type");
    private readonly LowCardinalityStringArrayColumn _finishReasons = new("finish_reasons");
    private readonly StringColumn _responseId = new("response_id");
    private readonly LowCardinalityStringColumn _promptName = new("prompt_name");
    private readonly LowCardinalityStringColumn _promptVersion = new("prompt_version");
    private readonly StringColumn _sessionId = new("session_id");
    private readonly StringColumn _userId = new("user_id");
    private readonly LowCardinalityStringColumn _agentName = new("agent_name");
    private readonly LowCardinalityStringColumn _workflowName = new("workflow_name");
    private readonly LowCardinalityStringColumn _toolName = new("tool_name");
    private readonly LowCardinalityStringColumn _serviceTier = new("service_tier");
    private readonly NullableNumberColumn<ulong> _inputTokens = new("input_tokens");
    private readonly NullableNumberColumn<ulong> _cachedTokens = new("cached_tokens");
    private readonly NullableNumberColumn<ulong> _cacheWriteTokens = new("cache_write_tokens");
    private readonly NullableNumberColumn<ulong> _cacheWriteOneHourTokens = new("cache_write_1h_tokens");
    private readonly NullableNumberColumn<ulong> _outputTokens = new("output_tokens");
    private readonly NullableNumberColumn<ulong> _reasoningTokens = new("reasoning_tokens");
    private readonly NullableNumberColumn<ulong> _audioInputTokens = new("audio_input_tokens");
    private readonly NullableNumberColumn<ulong> _audioOutputTokens = new("audio_output_tokens");
    private readonly NullableNumberColumn<ulong> _imageInputTokens = new("image_input_tokens");
    private readonly NullableNumberColumn<ulong> _imageOutputTokens = new("image_output_tokens");
    private readonly LowCardinalityStringColumn _usageReading = new("usage_reading");
    private readonly NullableNumberColumn<uint> _webSearches = new("web_searches");
    private readonly Enum8Column _tokensSource = new("tokens_source", "Enum8('unknown' = 0, 'reported' = 1, 'estimated' = 2)");
    private readonly NullableDecimal64Column _cost = new("cost_usd", MoneyPrecision, MoneyScale);
    private readonly NullableDecimal64Column _costInput = new("cost_input_usd", MoneyPrecision, MoneyScale);
    private readonly NullableDecimal64Column _costCached = new("cost_cached_usd", MoneyPrecision, MoneyScale);
    private readonly NullableDecimal64Column _costCacheWrite = new("cost_cache_write_usd", MoneyPrecision, MoneyScale);
    private readonly NullableDecimal64Column _costOutput = new("cost_output_usd", MoneyPrecision, MoneyScale);
    private readonly NullableDecimal64Column _costOther = new("cost_other_usd", MoneyPrecision, MoneyScale);
    private readonly LowCardinalityStringColumn _costReason = new("cost_reason");
    private readonly LowCardinalityStringColumn _costBasis = new("cost_basis");
    private readonly LowCardinalityStringColumn _priceId = new("price_id");
    private readonly LowCardinalityStringColumn _priceVersion = new("price_version");
    private readonly NullableDecimal64Column _costReported = new("cost_reported_usd", MoneyPrecision, MoneyScale);
    private readonly NullableNumberColumn<double> _duration = new("duration_ms");
    private readonly NullableNumberColumn<double> _ttft = new("ttft_ms");
    private readonly LowCardinalityStringColumn _ttftSource = new("ttft_source");
    private readonly NullableNumberColumn<double> _tokensPerSecond = new("tokens_per_second");
    private readonly NullableNumberColumn<double> _tokensPerSecondTotal = new("tokens_per_second_total");
    private readonly NullableNumberColumn<double> _timePerOutputToken = new("time_per_output_token_ms");
    private readonly LowCardinalityStringArrayColumn _flags = new("flags");
    private readonly LowCardinalityStringArrayColumn _labels = new("labels");
    private readonly StringMapColumn _tags = new("tags");
    private readonly StringColumn _metadata = new("metadata");

    public CallRows(ResourceKeys keys, int partition)
    {
        _keys = keys;
        _dimensions = new SpanDimensions(keys, partition);
        Block = new NativeBlock(
        [
            .. _dimensions.Columns,
            _parentSpanId, _environment, _provider, _modelRequested, _modelAnswered, _operation, _convention, _instrumentation, _role, _stream, _status, _errorType,
            _finishReasons, _responseId, _promptName, _promptVersion, _sessionId, _userId, _agentName, _workflowName, _toolName, _serviceTier,
            _inputTokens, _cachedTokens, _cacheWriteTokens, _cacheWriteOneHourTokens, _outputTokens, _reasoningTokens, _audioInputTokens, _audioOutputTokens,
            _imageInputTokens, _imageOutputTokens, _tokensSource, _usageReading, _webSearches,
            _cost, _costInput, _costCached, _costCacheWrite, _costOutput, _costOther, _costReason, _costBasis, _priceId, _priceVersion, _costReported,
            _duration, _ttft, _ttftSource, _tokensPerSecond, _tokensPerSecondTotal, _timePerOutputToken, _flags, _labels, _tags, _metadata,
        ]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _metadata.Count;

    /// <summary>Number of calls whose tokens were counted by us.</summary>
    public int Estimated => _tokensSource.CountOf((sbyte)TokensSource.Estimated);

    /// <summary>Calls back for every reason why the cost of calls is unknown, with their number.</summary>
    public void ForEachCostReason(Action<string, int> counted) => _costReason.ForEachCount((reason, calls) =>
    {
        if (reason.Length > 0)
        {
            counted(reason, calls);
        }
    });

    /// <summary>Appends one call.</summary>
    public void Append(SpanItem item)
    {
        _dimensions.Append(item);
        AppendIdentity(item);
        AppendTokens(item.Call);
        AppendCost(item.Call);
        AppendTimes(item.Call);
        _flags.AppendRow(item.Call.Flags);
        _labels.AppendRow(item.Call.Labels);
        _tags.AppendRow(item.Span.Attributes);
        _metadata.AppendMetadata(item.Call.Metadata);
    }

    private void AppendIdentity(SpanItem item)
    {
        LlmCall call = item.Call;
        _parentSpanId.AppendHex(item.Span.ParentSpanId.Span);
        _environment.Append(_keys.Environment(item.Span.Resource));
        _provider.AppendText(call.Provider);
        _modelRequested.AppendText(call.ModelRequested);
        _modelAnswered.AppendText(call.ModelAnswered);
        _operation.AppendText(call.Operation);
        _convention.AppendText(call.Convention);
        _instrumentation.Append(item.Span.ScopeName.Span);
        _role.AppendText(SpanRoles.Name(call.Role));
        _stream.Append(call.Stream);
        _status.Append(call.IsError ? (sbyte)2 : (sbyte)1);
        _errorType.Append(call.ErrorType.Span);
        foreach (ReadOnlyMemory<byte> reason in call.FinishReasons)
        {
            _finishReasons.Append(reason.Span);
        }

        _finishReasons.EndRow();
        _responseId.Append(call.ResponseId.Span);
        _promptName.Append(call.PromptName.Span);
        _promptVersion.Append(call.PromptVersion.Span);
        _sessionId.Append(call.SessionId.Span);
        _userId.Append(call.UserId.Span);
        _agentName.Append(call.AgentName.Span);
        _workflowName.Append(call.WorkflowName.Span);
        _toolName.Append(call.ToolName.Span);
        _serviceTier.AppendText(call.ServiceTier);
    }

    private void AppendTokens(LlmCall call)
    {
        _inputTokens.Append((ulong?)call.Usage.Input);
        _cachedTokens.Append((ulong?)call.Usage.CacheRead);
        _cacheWriteTokens.Append((ulong?)call.Usage.CacheWrite);
        _outputTokens.Append((ulong?)call.Usage.Output);
        _reasoningTokens.Append((ulong?)call.Usage.Reasoning);
        _audioInputTokens.Append((ulong?)call.Usage.AudioInput);
        _audioOutputTokens.Append((ulong?)call.Usage.AudioOutput);
        _cacheWriteOneHourTokens.Append((ulong?)call.Usage.CacheWriteOneHour);
        _imageInputTokens.Append((ulong?)call.Usage.ImageInput);
        _imageOutputTokens.Append((ulong?)call.Usage.ImageOutput);
        _tokensSource.Append((sbyte)call.TokensSource);
        _usageReading.AppendText(call.UsageReading);
        _webSearches.Append(call.WebSearches is { } searches ? (uint)Math.Min(searches, uint.MaxValue) : null);
    }

    private void AppendCost(LlmCall call)
    {
        PricedCall price = call.Price;
        bool known = price.CostUsd is not null;
        Append(_cost, price.CostUsd);
        Append(_costInput, known ? price.InputCostUsd : null);
        Append(_costCached, known ? price.CacheReadCostUsd : null);
        Append(_costCacheWrite, known ? price.CacheWriteCostUsd : null);
        Append(_costOutput, known ? price.OutputCostUsd : null);
        Append(_costOther, known ? price.OtherCostUsd : null);
        _costReason.AppendText(price.CostReason);
        _costBasis.AppendText(price.Basis);
        _priceId.AppendText(price.PriceId);
        _priceVersion.AppendText(call.PriceVersion);
        Append(_costReported, call.ReportedCostUsd is { } reported ? Math.Round(reported, MoneyScale) : null);
    }

    private void AppendTimes(LlmCall call)
    {
        _duration.Append(call.DurationMilliseconds);
        _ttft.Append(call.TtftMilliseconds);
        _ttftSource.AppendText(call.TtftMilliseconds is null ? "" : call.TtftSource);
        _tokensPerSecond.Append(call.TokensPerSecond);
        _tokensPerSecondTotal.Append(call.TokensPerSecondTotal);
        _timePerOutputToken.Append(call.MillisecondsPerOutputToken);
    }

    private static void Append(NullableDecimal64Column column, decimal? value)
    {
        if (value is { } money)
        {
            column.Append(money);
        }
        else
        {
            column.AppendNull();
        }
    }
}
