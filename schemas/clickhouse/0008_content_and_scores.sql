-- Content that arrives as log events joins its span: one row an event, put together by the view. Judgements of calls, whoever made them.
ALTER TABLE llm_content
    ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'span' COMMENT 'span, or log for an event that arrived as a log record' AFTER service;

-- One row a call, whatever its messages arrived in: those on the span first, else those of its events in their order. An event that was sent twice counts once.
CREATE OR REPLACE VIEW llm_content_now AS
SELECT
    trace_id,
    span_id,
    ts,
    tenant,
    service,
    arrayFirst(p -> p.3 != '', parts).3 AS system_instructions,
    if(arrayExists(p -> NOT p.1 AND p.4 != '', parts), arrayFirst(p -> NOT p.1 AND p.4 != '', parts).4, if(arrayExists(p -> p.4 != '', parts),
        concat('[', arrayStringConcat(arrayMap(p -> substring(p.4, 2, length(p.4) - 2), arrayFilter(p -> length(p.4) > 2, parts)), ','), ']'), '')) AS input_messages,
    if(arrayExists(p -> NOT p.1 AND p.5 != '', parts), arrayFirst(p -> NOT p.1 AND p.5 != '', parts).5, if(arrayExists(p -> p.5 != '', parts),
        concat('[', arrayStringConcat(arrayMap(p -> substring(p.5, 2, length(p.5) - 2), arrayFilter(p -> length(p.5) > 2, parts)), ','), ']'), '')) AS output_messages,
    arrayFirst(p -> p.6 != '', parts).6 AS tool_definitions
FROM
(
    SELECT
        trace_id,
        span_id,
        min(c.ts) AS ts,
        any(c.tenant) AS tenant,
        any(c.service) AS service,
        arraySort(groupUniqArray((c.source = 'log', c.ts, c.system_instructions, c.input_messages, c.output_messages, c.tool_definitions))) AS parts
    FROM llm_content AS c
    GROUP BY trace_id, span_id
);

CREATE TABLE IF NOT EXISTS llm_scores
(
    ts                   DateTime64(9, 'UTC') COMMENT 'When it was judged' CODEC(Delta, ZSTD(1)),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String COMMENT 'The call that was judged; empty when only the trace or the response is named' CODEC(ZSTD(1)),
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    response_id          String COMMENT 'The provider''s id of the response that was judged' CODEC(ZSTD(1)),
    name                 LowCardinality(String) COMMENT 'What was judged: relevance, groundedness, ...',
    source               LowCardinality(String) COMMENT 'event (gen_ai.evaluation.result), judge, rule, human, user',
    value                Nullable(Float64) COMMENT 'NULL when the judgement has a label alone, or failed',
    label                LowCardinality(String),
    explanation          String CODEC(ZSTD(3)),
    error_type           LowCardinality(String) COMMENT 'Why there is no judgement',
    probability          Float64 DEFAULT 1 COMMENT 'Probability with which the call was sampled for judging; weigh by its inverse',
    log_partition        Int32,
    log_offset           Int64,
    ingested_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),

    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (tenant, service, name, ts)
TTL toDateTime(ingested_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
