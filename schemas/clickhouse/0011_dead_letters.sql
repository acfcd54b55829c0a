-- Records that could not be decoded, whole, with where they came from and why; and what became of them when somebody sent them again.
CREATE TABLE IF NOT EXISTS dead_letters
(
    at                   DateTime64(3, 'UTC') COMMENT 'When the record was put aside',
    topic                LowCardinality(String) COMMENT 'The topic that it was read from',
    partition            Int32,
    offset               Int64,
    reason               String COMMENT 'Why it could not be decoded',
    record               String COMMENT 'The record, whole' CODEC(ZSTD(3)),
    log_partition        Int32 COMMENT 'Where it stands in the dead-letter topic; with log_offset its id',
    log_offset           Int64,
    ingested_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (at, log_partition, log_offset)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS dead_letter_replays
(
    log_partition        Int32,
    log_offset           Int64,
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    accepted             Bool COMMENT 'Whether the Collector took it',
    answer               String COMMENT 'What the Collector said'
)
ENGINE = MergeTree
ORDER BY (log_partition, log_offset, at)
TTL toDateTime(at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;
