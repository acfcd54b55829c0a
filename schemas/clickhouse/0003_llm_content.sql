-- What was said in a call, apart from its numbers and on a short lease. Every message column is JSON in the shape of the
-- OpenTelemetry GenAI conventions (gen_ai.input.messages and its siblings); empty when the span did not carry it.
CREATE TABLE IF NOT EXISTS llm_content
(
    ts                   DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    system_instructions  String CODEC(ZSTD(3)),
    input_messages       String CODEC(ZSTD(3)),
    output_messages      String CODEC(ZSTD(3)),
    tool_definitions     String CODEC(ZSTD(3)),
    log_partition        Int32,
    log_offset           Int64,
    ingested_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(ingested_at)
ORDER BY (trace_id, span_id)
TTL toDateTime(ingested_at) + INTERVAL 7 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
