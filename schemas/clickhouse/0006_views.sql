-- Views for people and dashboards. Ask these rather than the tables: they hide aggregate states and corrections. cost_usd is NULL where
-- no call could be priced, and otherwise the sum of the known costs; calls_unpriced says how many are missing in it.

CREATE OR REPLACE VIEW llm_by_minute AS
SELECT
    ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    sum(source.calls) AS calls,
    sum(source.errors) AS errors,
    sum(source.calls_without_usage) AS calls_without_usage,
    sum(source.calls_estimated) AS calls_estimated,
    sum(source.calls_unpriced) AS calls_unpriced,
    sum(source.calls_with_ttft) AS calls_with_ttft,
    sum(source.calls_length) AS calls_length,
    sum(source.input_tokens) AS input_tokens,
    sum(source.cached_tokens) AS cached_tokens,
    sum(source.cache_write_tokens) AS cache_write_tokens,
    sum(source.output_tokens) AS output_tokens,
    sum(source.reasoning_tokens) AS reasoning_tokens,
    if(calls = calls_unpriced, NULL, sum(source.cost_usd)) AS cost_usd,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.ttft_ms_state) AS ttft_ms_quantiles,
    if(isNaN(ttft_ms_quantiles[1]), NULL, ttft_ms_quantiles[1]) AS ttft_p50_ms,
    if(isNaN(ttft_ms_quantiles[2]), NULL, ttft_ms_quantiles[2]) AS ttft_p90_ms,
    if(isNaN(ttft_ms_quantiles[3]), NULL, ttft_ms_quantiles[3]) AS ttft_p95_ms,
    if(isNaN(ttft_ms_quantiles[4]), NULL, ttft_ms_quantiles[4]) AS ttft_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.duration_ms_state) AS duration_ms_quantiles,
    if(isNaN(duration_ms_quantiles[1]), NULL, duration_ms_quantiles[1]) AS duration_p50_ms,
    if(isNaN(duration_ms_quantiles[2]), NULL, duration_ms_quantiles[2]) AS duration_p90_ms,
    if(isNaN(duration_ms_quantiles[3]), NULL, duration_ms_quantiles[3]) AS duration_p95_ms,
    if(isNaN(duration_ms_quantiles[4]), NULL, duration_ms_quantiles[4]) AS duration_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.tokens_per_second_state) AS tokens_per_second_quantiles,
    if(isNaN(tokens_per_second_quantiles[1]), NULL, tokens_per_second_quantiles[1]) AS tokens_per_second_p50
FROM llm_rollup_1m AS source
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version;

CREATE OR REPLACE VIEW llm_by_hour AS
SELECT
    ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    sum(source.calls) AS calls,
    sum(source.errors) AS errors,
    sum(source.calls_without_usage) AS calls_without_usage,
    sum(source.calls_estimated) AS calls_estimated,
    sum(source.calls_unpriced) AS calls_unpriced,
    sum(source.calls_with_ttft) AS calls_with_ttft,
    sum(source.calls_length) AS calls_length,
    sum(source.input_tokens) AS input_tokens,
    sum(source.cached_tokens) AS cached_tokens,
    sum(source.cache_write_tokens) AS cache_write_tokens,
    sum(source.output_tokens) AS output_tokens,
    sum(source.reasoning_tokens) AS reasoning_tokens,
    if(calls = calls_unpriced, NULL, sum(source.cost_usd)) AS cost_usd,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.ttft_ms_state) AS ttft_ms_quantiles,
    if(isNaN(ttft_ms_quantiles[1]), NULL, ttft_ms_quantiles[1]) AS ttft_p50_ms,
    if(isNaN(ttft_ms_quantiles[2]), NULL, ttft_ms_quantiles[2]) AS ttft_p90_ms,
    if(isNaN(ttft_ms_quantiles[3]), NULL, ttft_ms_quantiles[3]) AS ttft_p95_ms,
    if(isNaN(ttft_ms_quantiles[4]), NULL, ttft_ms_quantiles[4]) AS ttft_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.duration_ms_state) AS duration_ms_quantiles,
    if(isNaN(duration_ms_quantiles[1]), NULL, duration_ms_quantiles[1]) AS duration_p50_ms,
    if(isNaN(duration_ms_quantiles[2]), NULL, duration_ms_quantiles[2]) AS duration_p90_ms,
    if(isNaN(duration_ms_quantiles[3]), NULL, duration_ms_quantiles[3]) AS duration_p95_ms,
    if(isNaN(duration_ms_quantiles[4]), NULL, duration_ms_quantiles[4]) AS duration_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.tokens_per_second_state) AS tokens_per_second_quantiles,
    if(isNaN(tokens_per_second_quantiles[1]), NULL, tokens_per_second_quantiles[1]) AS tokens_per_second_p50
FROM llm_rollup_1h AS source
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version;

CREATE OR REPLACE VIEW llm_by_day AS
SELECT
    ts,
    tenant,
    service,
    environment,
    provider,
    model_requested,
    model_answered,
    operation,
    prompt_name,
    prompt_version,
    sum(source.calls) AS calls,
    sum(source.errors) AS errors,
    sum(source.calls_without_usage) AS calls_without_usage,
    sum(source.calls_estimated) AS calls_estimated,
    sum(source.calls_unpriced) AS calls_unpriced,
    sum(source.calls_with_ttft) AS calls_with_ttft,
    sum(source.calls_length) AS calls_length,
    sum(source.input_tokens) AS input_tokens,
    sum(source.cached_tokens) AS cached_tokens,
    sum(source.cache_write_tokens) AS cache_write_tokens,
    sum(source.output_tokens) AS output_tokens,
    sum(source.reasoning_tokens) AS reasoning_tokens,
    if(calls = calls_unpriced, NULL, sum(source.cost_usd)) AS cost_usd,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.ttft_ms_state) AS ttft_ms_quantiles,
    if(isNaN(ttft_ms_quantiles[1]), NULL, ttft_ms_quantiles[1]) AS ttft_p50_ms,
    if(isNaN(ttft_ms_quantiles[2]), NULL, ttft_ms_quantiles[2]) AS ttft_p90_ms,
    if(isNaN(ttft_ms_quantiles[3]), NULL, ttft_ms_quantiles[3]) AS ttft_p95_ms,
    if(isNaN(ttft_ms_quantiles[4]), NULL, ttft_ms_quantiles[4]) AS ttft_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.duration_ms_state) AS duration_ms_quantiles,
    if(isNaN(duration_ms_quantiles[1]), NULL, duration_ms_quantiles[1]) AS duration_p50_ms,
    if(isNaN(duration_ms_quantiles[2]), NULL, duration_ms_quantiles[2]) AS duration_p90_ms,
    if(isNaN(duration_ms_quantiles[3]), NULL, duration_ms_quantiles[3]) AS duration_p95_ms,
    if(isNaN(duration_ms_quantiles[4]), NULL, duration_ms_quantiles[4]) AS duration_p99_ms,
    quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(source.tokens_per_second_state) AS tokens_per_second_quantiles,
    if(isNaN(tokens_per_second_quantiles[1]), NULL, tokens_per_second_quantiles[1]) AS tokens_per_second_p50
FROM llm_rollup_1d AS source
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version;

-- Every call as it stands now: corrections and what they took back are gone.
CREATE OR REPLACE VIEW llm_calls_now AS
SELECT * FROM llm_calls
WHERE sign > 0 AND (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM llm_calls WHERE sign < 0);

-- What could not be priced, and why.
CREATE OR REPLACE VIEW llm_unpriced AS
SELECT
    provider,
    model_requested,
    model_answered,
    cost_reason,
    sum(sign) AS calls,
    sum(sign * toInt64(ifNull(call.input_tokens, 0))) AS input_tokens,
    sum(sign * toInt64(ifNull(call.output_tokens, 0))) AS output_tokens,
    min(ts) AS first_seen,
    max(ts) AS last_seen
FROM llm_calls AS call
WHERE isNull(cost_usd)
GROUP BY provider, model_requested, model_answered, cost_reason
HAVING calls != 0;

-- One row a trace.
CREATE OR REPLACE VIEW llm_traces AS
SELECT
    trace_id,
    any(tenant) AS tenant,
    any(service) AS service,
    any(environment) AS environment,
    max(session_id) AS session_id,
    max(user_id) AS user_id,
    min(call.ts) AS ts,
    sum(sign) AS calls,
    sum(sign * (status = 'error')) AS errors,
    sum(sign * toInt64(ifNull(call.input_tokens, 0))) AS input_tokens,
    sum(sign * toInt64(ifNull(call.output_tokens, 0))) AS output_tokens,
    sum(sign * isNull(call.cost_usd)) AS calls_unpriced,
    if(calls = calls_unpriced, NULL, sum(toDecimal128(ifNull(call.cost_usd, 0), 12) * sign)) AS cost_usd
FROM llm_calls AS call
GROUP BY trace_id;
