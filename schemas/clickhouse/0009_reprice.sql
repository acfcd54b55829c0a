-- Repricing: a call is taken back and written again at its new price, under the next revision. Quantiles do not depend on prices, so a later revision adds
-- nothing to their states.
ALTER TABLE llm_calls
    ADD COLUMN IF NOT EXISTS revision UInt16 DEFAULT 0 COMMENT 'How often the call was priced anew' AFTER sign;

-- What a run found: the new price of every call that it changed, and what it was before.
CREATE TABLE IF NOT EXISTS llm_reprices
(
    run                  String COMMENT 'Id of the run',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    revision             UInt16 COMMENT 'The revision that is replaced',
    previous_cost_usd    Nullable(Decimal(18, 12)),
    previous_price_id    LowCardinality(String),
    cost_usd             Nullable(Decimal(18, 12)),
    cost_input_usd       Nullable(Decimal(18, 12)),
    cost_cached_usd      Nullable(Decimal(18, 12)),
    cost_cache_write_usd Nullable(Decimal(18, 12)),
    cost_output_usd      Nullable(Decimal(18, 12)),
    cost_other_usd       Nullable(Decimal(18, 12)),
    cost_reason          LowCardinality(String),
    cost_basis           LowCardinality(String),
    price_id             LowCardinality(String),
    price_version        LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (run, trace_id, span_id)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

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

-- Every call as it stands now: corrections and what they took back are gone.
CREATE OR REPLACE VIEW llm_calls_now AS
SELECT * FROM llm_calls
WHERE sign > 0 AND (trace_id, span_id, revision) NOT IN (SELECT trace_id, span_id, revision FROM llm_calls WHERE sign < 0);
