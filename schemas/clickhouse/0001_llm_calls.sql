-- One row is one billable provider call, with all its numbers and dimensions.
-- Partitioned and expired by arrival, not by the span's own clock: a wrong clock in an app can neither hide an accepted
-- call from the bill nor open thousands of partitions.
CREATE TABLE IF NOT EXISTS llm_calls
(
    ts                   DateTime64(9, 'UTC') COMMENT 'Start of the call' CODEC(Delta, ZSTD(1)),
    trace_id             String COMMENT 'Lower-case hex, 32 digits' CODEC(ZSTD(1)),
    span_id              String COMMENT 'Lower-case hex, 16 digits' CODEC(ZSTD(1)),
    parent_span_id       String COMMENT 'Lower-case hex, 16 digits; empty for a root span' CODEC(ZSTD(1)),
    tenant               LowCardinality(String) COMMENT 'Who sent it; default unless ingest keys say otherwise',
    service              LowCardinality(String) COMMENT 'Resource service.name',
    environment          LowCardinality(String) COMMENT 'Resource deployment.environment.name',
    provider             LowCardinality(String) COMMENT 'gen_ai.provider.name, legacy names mapped; empty when unknown',
    model_requested      LowCardinality(String),
    model_answered       LowCardinality(String) COMMENT 'Empty when the response did not name it',
    operation            LowCardinality(String) COMMENT 'chat, text_completion, generate_content, embeddings, ...',
    convention           LowCardinality(String) COMMENT 'The span dialect that was recognised',
    instrumentation      LowCardinality(String) COMMENT 'Instrumentation scope name',
    stream               Nullable(Bool) COMMENT 'NULL when the span does not say',
    status               Enum8('ok' = 1, 'error' = 2),
    error_type           LowCardinality(String),
    finish_reasons       Array(LowCardinality(String)),
    response_id          String CODEC(ZSTD(1)),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    session_id           String CODEC(ZSTD(1)),
    user_id              String CODEC(ZSTD(1)),
    agent_name           LowCardinality(String),
    workflow_name        LowCardinality(String),
    service_tier         LowCardinality(String) COMMENT 'Provider service tier when known: flex, priority, batch, ...',

    input_tokens         Nullable(UInt64) COMMENT 'All input tokens, cached ones included; NULL when not reported',
    cached_tokens        Nullable(UInt64) COMMENT 'Input tokens read from the provider cache; part of input_tokens',
    cache_write_tokens   Nullable(UInt64) COMMENT 'Input tokens written to the provider cache; part of input_tokens',
    output_tokens        Nullable(UInt64) COMMENT 'All output tokens, reasoning included',
    reasoning_tokens     Nullable(UInt64) COMMENT 'Part of output_tokens',
    audio_input_tokens   Nullable(UInt64) COMMENT 'Part of input_tokens',
    audio_output_tokens  Nullable(UInt64) COMMENT 'Part of output_tokens',
    tokens_source        Enum8('unknown' = 0, 'reported' = 1, 'estimated' = 2),

    cost_usd             Nullable(Decimal(18, 12)) COMMENT 'NULL when unknown, see cost_reason; never invented',
    cost_input_usd       Nullable(Decimal(18, 12)) COMMENT 'Uncached input',
    cost_cached_usd      Nullable(Decimal(18, 12)) COMMENT 'Cache reads',
    cost_cache_write_usd Nullable(Decimal(18, 12)),
    cost_output_usd      Nullable(Decimal(18, 12)),
    cost_other_usd       Nullable(Decimal(18, 12)) COMMENT 'Per-request and tool fees',
    cost_reason          LowCardinality(String) COMMENT 'Why cost_usd is NULL; empty when priced',
    cost_basis           LowCardinality(String) COMMENT 'exact, upper_bound, estimated_tokens; empty when unpriced',
    price_id             LowCardinality(String) COMMENT 'The price entry that priced the call',
    price_version        LowCardinality(String) COMMENT 'Version of the price book',
    cost_reported_usd    Nullable(Decimal(18, 12)) COMMENT 'What the app itself reported, kept beside ours',

    duration_ms          Nullable(Float64) COMMENT 'NULL when the end lies before the start',
    ttft_ms              Nullable(Float64) COMMENT 'Time to first token; NULL without evidence',
    ttft_source          LowCardinality(String) COMMENT 'The attribute or event that ttft_ms was read from',
    tokens_per_second    Nullable(Float64) COMMENT 'Output tokens over the time after the first token',
    tokens_per_second_total Nullable(Float64) COMMENT 'Output tokens over the whole duration',
    time_per_output_token_ms Nullable(Float64),

    flags                Array(LowCardinality(String)) COMMENT 'What was noticed: impossible values, screening results',
    tags                 Map(LowCardinality(String), String) COMMENT 'Bounded free attributes of the span',
    sign                 Int8 DEFAULT 1 COMMENT '-1 takes back an earlier row of the same span',

    log_partition        Int32 COMMENT 'Where in the span log the row came from',
    log_offset           Int64,
    ingested_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),

    INDEX ts_range ts TYPE minmax GRANULARITY 64,
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_response response_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_user user_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(ingested_at)
ORDER BY (tenant, service, model_requested, ts)
TTL toDateTime(ingested_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
