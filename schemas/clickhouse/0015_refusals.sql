-- Refusals: calls that the provider or the model ended for what was asked or answered, by the finish reasons of OpenAI, Anthropic, Google, Bedrock and the
-- Vercel AI SDK. Minutes before this migration have 0.

-- Where a run of this file broke off between two renames.
RENAME TABLE IF EXISTS llm_rollup_1m_mv_renamed TO llm_rollup_1m_mv;

RENAME TABLE IF EXISTS llm_rollup_1h_mv_renamed TO llm_rollup_1h_mv;

RENAME TABLE IF EXISTS llm_rollup_1d_mv_renamed TO llm_rollup_1d_mv;

ALTER TABLE llm_rollup_1m
    ADD COLUMN IF NOT EXISTS calls_refused SimpleAggregateFunction(sum, Int64) COMMENT 'Calls refused by the provider or the model' AFTER calls_length;

ALTER TABLE llm_rollup_1h
    ADD COLUMN IF NOT EXISTS calls_refused SimpleAggregateFunction(sum, Int64) COMMENT 'Calls refused by the provider or the model' AFTER calls_length;

ALTER TABLE llm_rollup_1d
    ADD COLUMN IF NOT EXISTS calls_refused SimpleAggregateFunction(sum, Int64) COMMENT 'Calls refused by the provider or the model' AFTER calls_length;

-- From the last to the first, so that no view reads a column that the one before does not give yet.
ALTER TABLE llm_rollup_1d_mv MODIFY QUERY
SELECT
    toStartOfDay(source.ts) AS ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    status,
    sum(source.calls) AS calls,
    sum(source.errors) AS errors,
    sum(source.calls_without_usage) AS calls_without_usage,
    sum(source.calls_estimated) AS calls_estimated,
    sum(source.calls_unpriced) AS calls_unpriced,
    sum(source.calls_with_ttft) AS calls_with_ttft,
    sum(source.calls_length) AS calls_length,
    sum(source.calls_refused) AS calls_refused,
    sum(source.input_tokens) AS input_tokens,
    sum(source.cached_tokens) AS cached_tokens,
    sum(source.cache_write_tokens) AS cache_write_tokens,
    sum(source.output_tokens) AS output_tokens,
    sum(source.reasoning_tokens) AS reasoning_tokens,
    sum(source.cost_usd) AS cost_usd,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.ttft_ms_state) AS ttft_ms_state,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.duration_ms_state) AS duration_ms_state,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.tokens_per_second_state) AS tokens_per_second_state,
    max(source.updated_at) AS updated_at
FROM llm_rollup_1h AS source
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status;

ALTER TABLE llm_rollup_1h_mv MODIFY QUERY
SELECT
    toStartOfHour(source.ts) AS ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    status,
    sum(source.calls) AS calls,
    sum(source.errors) AS errors,
    sum(source.calls_without_usage) AS calls_without_usage,
    sum(source.calls_estimated) AS calls_estimated,
    sum(source.calls_unpriced) AS calls_unpriced,
    sum(source.calls_with_ttft) AS calls_with_ttft,
    sum(source.calls_length) AS calls_length,
    sum(source.calls_refused) AS calls_refused,
    sum(source.input_tokens) AS input_tokens,
    sum(source.cached_tokens) AS cached_tokens,
    sum(source.cache_write_tokens) AS cache_write_tokens,
    sum(source.output_tokens) AS output_tokens,
    sum(source.reasoning_tokens) AS reasoning_tokens,
    sum(source.cost_usd) AS cost_usd,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.ttft_ms_state) AS ttft_ms_state,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.duration_ms_state) AS duration_ms_state,
    quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(source.tokens_per_second_state) AS tokens_per_second_state,
    max(source.updated_at) AS updated_at
FROM llm_rollup_1m AS source
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status;

ALTER TABLE llm_rollup_1m_mv MODIFY QUERY
SELECT
    toStartOfMinute(call.ts) AS ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    status,
    toInt64(sum(sign)) AS calls,
    toInt64(sum(sign * (status = 'error'))) AS errors,
    toInt64(sum(sign * (tokens_source = 'unknown'))) AS calls_without_usage,
    toInt64(sum(sign * (tokens_source = 'estimated'))) AS calls_estimated,
    toInt64(sum(sign * isNull(call.cost_usd))) AS calls_unpriced,
    toInt64(sum(sign * isNotNull(ttft_ms))) AS calls_with_ttft,
    toInt64(sum(sign * has(finish_reasons, 'length'))) AS calls_length,
    toInt64(sum(sign * hasAny(arrayMap(reason -> lower(reason), finish_reasons),
        ['content_filter', 'content-filter', 'content_filtered', 'refusal', 'safety', 'recitation', 'blocklist', 'prohibited_content', 'spii', 'image_safety', 'guardrail_intervened']))) AS calls_refused,
    toInt64(sum(sign * toInt64(ifNull(call.input_tokens, 0)))) AS input_tokens,
    toInt64(sum(sign * toInt64(ifNull(call.cached_tokens, 0)))) AS cached_tokens,
    toInt64(sum(sign * toInt64(ifNull(call.cache_write_tokens, 0)))) AS cache_write_tokens,
    toInt64(sum(sign * toInt64(ifNull(call.output_tokens, 0)))) AS output_tokens,
    toInt64(sum(sign * toInt64(ifNull(call.reasoning_tokens, 0)))) AS reasoning_tokens,
    sum(toDecimal128(ifNull(call.cost_usd, 0), 12) * sign) AS cost_usd,
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(ttft_ms), isNotNull(ttft_ms) AND sign > 0 AND revision = 0) AS ttft_ms_state,
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(duration_ms), isNotNull(duration_ms) AND sign > 0 AND revision = 0) AS duration_ms_state,
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(tokens_per_second), isNotNull(tokens_per_second) AND sign > 0 AND revision = 0) AS tokens_per_second_state,
    max(toDateTime(ingested_at, 'UTC')) AS updated_at
FROM llm_calls AS call
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status;

-- A rename settles the name that the engine gives a view in the deduplication of its blocks; see 0012.
RENAME TABLE IF EXISTS llm_rollup_1m_mv TO llm_rollup_1m_mv_renamed;

RENAME TABLE IF EXISTS llm_rollup_1m_mv_renamed TO llm_rollup_1m_mv;

RENAME TABLE IF EXISTS llm_rollup_1h_mv TO llm_rollup_1h_mv_renamed;

RENAME TABLE IF EXISTS llm_rollup_1h_mv_renamed TO llm_rollup_1h_mv;

RENAME TABLE IF EXISTS llm_rollup_1d_mv TO llm_rollup_1d_mv_renamed;

RENAME TABLE IF EXISTS llm_rollup_1d_mv_renamed TO llm_rollup_1d_mv;
