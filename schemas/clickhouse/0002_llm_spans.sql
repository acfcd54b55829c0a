-- One row is any other span of a GenAI trace: agent, chain, tool, retrieval, or a wrapper that repeats the usage of the calls below it.
CREATE TABLE IF NOT EXISTS llm_spans
(
    ts                   DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    trace_id             String COMMENT 'Lower-case hex, 32 digits' CODEC(ZSTD(1)),
    span_id              String COMMENT 'Lower-case hex, 16 digits' CODEC(ZSTD(1)),
    parent_span_id       String COMMENT 'Lower-case hex, 16 digits; empty for a root span' CODEC(ZSTD(1)),
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    environment          LowCardinality(String),
    name                 LowCardinality(String) COMMENT 'Span name',
    kind                 Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    operation            LowCardinality(String),
    convention           LowCardinality(String) COMMENT 'The span dialect that was recognised; empty when none was',
    instrumentation      LowCardinality(String),
    status               Enum8('ok' = 1, 'error' = 2),
    error_type           LowCardinality(String),
    provider             LowCardinality(String),
    model_requested      LowCardinality(String),
    agent_name           LowCardinality(String),
    workflow_name        LowCardinality(String),
    tool_name            LowCardinality(String),
    session_id           String CODEC(ZSTD(1)),
    user_id              String CODEC(ZSTD(1)),
    not_billed_because   LowCardinality(String) COMMENT 'Why this span is not a billable call',
    input_tokens         Nullable(UInt64) COMMENT 'As reported on this span; not part of any bill',
    output_tokens        Nullable(UInt64) COMMENT 'As reported on this span; not part of any bill',
    duration_ms          Nullable(Float64),
    flags                Array(LowCardinality(String)),
    tags                 Map(LowCardinality(String), String),
    sign                 Int8 DEFAULT 1,
    log_partition        Int32,
    log_offset           Int64,
    ingested_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),

    INDEX ts_range ts TYPE minmax GRANULARITY 64,
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(ingested_at)
ORDER BY (tenant, service, operation, ts)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
