-- What the Processor has written, batch by batch: a range is noted before its rows are inserted and marked after, so that a restart
-- replays exactly the same range under the same deduplication token.
CREATE TABLE IF NOT EXISTS span_log_batches
(
    topic                LowCardinality(String),
    partition            Int32,
    first_offset         Int64 COMMENT 'Offset of the first record of the batch',
    next_offset          Int64 COMMENT 'Where the next batch starts',
    state                Enum8('noted' = 1, 'written' = 2),
    records              UInt32 COMMENT 'Span log records in the batch',
    calls                UInt32 COMMENT 'Rows for llm_calls',
    spans                UInt32 COMMENT 'Rows for llm_spans',
    processor            LowCardinality(String) COMMENT 'The instance that wrote it',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (topic, partition, first_offset, state)
TTL toDateTime(at) + INTERVAL 7 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
