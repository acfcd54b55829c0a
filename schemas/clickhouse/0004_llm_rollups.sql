-- Rollups for pages and rules: each view feeds the next, so a call is aggregated once and every level stays exact.
-- Quantiles are DDSketch states with 1 % relative error, mergeable in any order. A correction row (sign = -1) is subtracted from
-- every sum; quantile states cannot forget, so they hold the rows with sign = 1.

CREATE TABLE IF NOT EXISTS llm_rollup_1m
(
    ts                   DateTime('UTC') COMMENT 'Start of the minute',
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    environment          LowCardinality(String),
    provider             LowCardinality(String),
    model_requested      LowCardinality(String),
    model_answered       LowCardinality(String),
    operation            LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    status               Enum8('ok' = 1, 'error' = 2),
    calls                SimpleAggregateFunction(sum, Int64) COMMENT 'Provider calls',
    errors               SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that ended in error',
    calls_without_usage  SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens nobody reported',
    calls_estimated      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens were counted here',
    calls_unpriced       SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that cost_usd leaves out, because their cost is unknown',
    calls_with_ttft      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that told a first token',
    calls_length         SimpleAggregateFunction(sum, Int64) COMMENT 'Calls cut at the token limit',
    input_tokens         SimpleAggregateFunction(sum, Int64),
    cached_tokens        SimpleAggregateFunction(sum, Int64),
    cache_write_tokens   SimpleAggregateFunction(sum, Int64),
    output_tokens        SimpleAggregateFunction(sum, Int64),
    reasoning_tokens     SimpleAggregateFunction(sum, Int64),
    cost_usd             SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Sum of the known costs; calls_unpriced says how many are missing',
    ttft_ms_state           AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    duration_ms_state       AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    tokens_per_second_state AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    updated_at           SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'Last arrival in this row; retention counts from here'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status)
PRIMARY KEY (ts, tenant, service)
TTL updated_at + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS llm_rollup_1h
(
    ts                   DateTime('UTC') COMMENT 'Start of the hour',
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    environment          LowCardinality(String),
    provider             LowCardinality(String),
    model_requested      LowCardinality(String),
    model_answered       LowCardinality(String),
    operation            LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    status               Enum8('ok' = 1, 'error' = 2),
    calls                SimpleAggregateFunction(sum, Int64) COMMENT 'Provider calls',
    errors               SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that ended in error',
    calls_without_usage  SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens nobody reported',
    calls_estimated      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens were counted here',
    calls_unpriced       SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that cost_usd leaves out, because their cost is unknown',
    calls_with_ttft      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that told a first token',
    calls_length         SimpleAggregateFunction(sum, Int64) COMMENT 'Calls cut at the token limit',
    input_tokens         SimpleAggregateFunction(sum, Int64),
    cached_tokens        SimpleAggregateFunction(sum, Int64),
    cache_write_tokens   SimpleAggregateFunction(sum, Int64),
    output_tokens        SimpleAggregateFunction(sum, Int64),
    reasoning_tokens     SimpleAggregateFunction(sum, Int64),
    cost_usd             SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Sum of the known costs; calls_unpriced says how many are missing',
    ttft_ms_state           AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    duration_ms_state       AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    tokens_per_second_state AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    updated_at           SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'Last arrival in this row; retention counts from here'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(ts)
ORDER BY (ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status)
PRIMARY KEY (ts, tenant, service)
TTL updated_at + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS llm_rollup_1d
(
    ts                   DateTime('UTC') COMMENT 'Start of the day',
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    environment          LowCardinality(String),
    provider             LowCardinality(String),
    model_requested      LowCardinality(String),
    model_answered       LowCardinality(String),
    operation            LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    status               Enum8('ok' = 1, 'error' = 2),
    calls                SimpleAggregateFunction(sum, Int64) COMMENT 'Provider calls',
    errors               SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that ended in error',
    calls_without_usage  SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens nobody reported',
    calls_estimated      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose tokens were counted here',
    calls_unpriced       SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that cost_usd leaves out, because their cost is unknown',
    calls_with_ttft      SimpleAggregateFunction(sum, Int64) COMMENT 'Calls that told a first token',
    calls_length         SimpleAggregateFunction(sum, Int64) COMMENT 'Calls cut at the token limit',
    input_tokens         SimpleAggregateFunction(sum, Int64),
    cached_tokens        SimpleAggregateFunction(sum, Int64),
    cache_write_tokens   SimpleAggregateFunction(sum, Int64),
    output_tokens        SimpleAggregateFunction(sum, Int64),
    reasoning_tokens     SimpleAggregateFunction(sum, Int64),
    cost_usd             SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Sum of the known costs; calls_unpriced says how many are missing',
    ttft_ms_state           AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    duration_ms_state       AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    tokens_per_second_state AggregateFunction(quantilesDD(0.01, 0.5, 0.9, 0.95, 0.99), Float64),
    updated_at           SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'Last arrival in this row; retention counts from here'
)
ENGINE = AggregatingMergeTree
ORDER BY (ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status)
PRIMARY KEY (ts, tenant, service)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS llm_rollup_1m_mv TO llm_rollup_1m AS
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
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(ttft_ms), isNotNull(ttft_ms) AND sign > 0) AS ttft_ms_state,
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(duration_ms), isNotNull(duration_ms) AND sign > 0) AS duration_ms_state,
    quantilesDDStateIf(0.01, 0.5, 0.9, 0.95, 0.99)(assumeNotNull(tokens_per_second), isNotNull(tokens_per_second) AND sign > 0) AS tokens_per_second_state,
    max(toDateTime(ingested_at, 'UTC')) AS updated_at
FROM llm_calls AS call
GROUP BY ts, tenant, service, environment, provider, model_requested, model_answered, operation, prompt_name, prompt_version, status;

CREATE MATERIALIZED VIEW IF NOT EXISTS llm_rollup_1h_mv TO llm_rollup_1h AS
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

CREATE MATERIALIZED VIEW IF NOT EXISTS llm_rollup_1d_mv TO llm_rollup_1d AS
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
