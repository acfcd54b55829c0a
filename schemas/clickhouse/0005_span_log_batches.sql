-- What the Processor writes, batch by batch: a range is noted before its rows are inserted, so that a restart replays exactly the same range
-- under the same deduplication token.
CREATE TABLE IF NOT EXISTS span_log_batches
(
    topic                LowCardinality(String),
    partition            Int32,
    log_id               LowCardinality(String) COMMENT 'Incarnation of the log: offsets of another one mean other records',
    first_offset         Int64 COMMENT 'Offset of the first record of the batch',
    next_offset          Int64 COMMENT 'Where the next batch starts',
    records              UInt32 COMMENT 'Span log records in the batch',
    calls                UInt32 COMMENT 'Rows for llm_calls',
    spans                UInt32 COMMENT 'Rows for llm_spans',
    processor            LowCardinality(String) COMMENT 'The instance that wrote it',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (topic, partition, first_offset)
TTL toDateTime(at) + INTERVAL 7 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
