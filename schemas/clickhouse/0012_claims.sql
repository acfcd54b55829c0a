-- Who may write the batches of a partition. A Processor claims a partition before it reads the notes, and looks for later claims after each note: so a
-- Processor that lost its partition without knowing it never writes a batch that its successor does not know of.
CREATE TABLE IF NOT EXISTS span_log_claims
(
    topic                LowCardinality(String),
    partition            Int32,
    log_id               LowCardinality(String) COMMENT 'Incarnation of the log',
    epoch                UInt64 COMMENT 'Grows with each claim; of two equal ones the greater owner is the later',
    owner                String COMMENT 'Random, one for each claim',
    processor            LowCardinality(String) COMMENT 'The instance that claims',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (topic, partition, log_id, epoch, owner)
TTL toDateTime(at) + INTERVAL 400 DAY;

ALTER TABLE span_log_batches
    ADD COLUMN IF NOT EXISTS epoch UInt64 COMMENT 'Claim under which it was noted; where notes overlap the later claim counts' AFTER decisions,
    ADD COLUMN IF NOT EXISTS owner String AFTER epoch;

-- The engine names a view in the deduplication of its blocks in one way when its query was modified and in another way after the next restart; a rename
-- settles it. Without it, what is replayed after that restart would count twice in the rollups.
RENAME TABLE IF EXISTS llm_rollup_1m_mv TO llm_rollup_1m_mv_renamed;

RENAME TABLE IF EXISTS llm_rollup_1m_mv_renamed TO llm_rollup_1m_mv;
