-- How far the Processors have got, and what the detection found in the minutes that are closed by it.

-- One row a partition every few seconds, idle or not. A minute of a rollup is complete when every partition was read past its end: an idle partition goes on with
-- the clock, one that is behind or that nobody reads stays where it was.
CREATE TABLE IF NOT EXISTS span_log_progress
(
    topic                LowCardinality(String),
    partition            Int32,
    log_id               LowCardinality(String) COMMENT 'Incarnation of the log',
    partitions           UInt32 COMMENT 'Partitions that the topic has; each of them must report',
    passed_at            DateTime64(3, 'UTC') COMMENT 'Everything that was in the partition at this time is written' CODEC(Delta, ZSTD(1)),
    processor            LowCardinality(String) COMMENT 'The instance that reports',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it reported' CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (topic, partition, at)
TTL toDateTime(at) + INTERVAL 2 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One row is one change of one anomaly: it opens, gets worse, closes. An anomaly that goes on without getting worse adds no rows. Look at llm_anomalies_now.
CREATE TABLE IF NOT EXISTS llm_anomalies
(
    anomaly_id           String COMMENT 'The same for all rows of one anomaly; made of key, metric, direction and opened_at' CODEC(ZSTD(1)),
    revision             UInt32 COMMENT '1 opens it; a later one replaces what an earlier one said',
    state                Enum8('open' = 1, 'closed' = 2),
    opened_at            DateTime('UTC') COMMENT 'Start of the first window in which it stood out',
    last_at              DateTime('UTC') COMMENT 'End of the last window in which it stood out, as of this row',
    closed_at            Nullable(DateTime('UTC')) COMMENT 'End of the first window in which it was over',
    scope                LowCardinality(String) COMMENT 'What is watched: service, service_model, prompt, tenant; dimensions that are not part of it are empty',
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    model                LowCardinality(String) COMMENT 'model_requested of llm_calls',
    operation            LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    metric               LowCardinality(String) COMMENT 'request_rate, error_rate, ttft_p50, ttft_p95, latency_p50, latency_p95, tokens_per_second, input_tokens, output_tokens, cost_per_request, spend_rate, refusal_rate, length_rate, cache_hit_rate, score, new_model, unknown_price, new_error_type',
    subject              LowCardinality(String) COMMENT 'The name of the score, the new model, the new error type; empty otherwise',
    kind                 Enum8('shift' = 1, 'silence' = 2, 'novelty' = 3),
    direction            Enum8('up' = 1, 'down' = 2),
    severity             Enum8('info' = 1, 'warning' = 2, 'critical' = 3),
    unit                 LowCardinality(String) COMMENT 'Of observed, expected and the range: ms, {call}/min, 1 (a share), {token}, {token}/s, USD, USD/min',
    observed             Nullable(Float64),
    expected             Nullable(Float64) COMMENT 'What the baseline says; NULL for a novelty',
    range_low            Nullable(Float64) COMMENT 'Between range_low and range_high it would not have been noticed',
    range_high           Nullable(Float64),
    score                Float64 COMMENT 'Standard deviations of what is usual, over the window; 0 for a novelty',
    window_seconds       UInt32 COMMENT 'Length of the window that observed is of',
    calls                Int64 COMMENT 'Calls in that window',
    exemplars            Array(String) COMMENT 'trace_id of calls in llm_calls that show it, worst first; empty for silence',
    why                  String COMMENT 'In words' CODEC(ZSTD(1)),
    detector             LowCardinality(String) COMMENT 'The instance that recorded it',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it was recorded'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (service, metric, opened_at, anomaly_id, revision)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- Each anomaly as it stands now: its last row.
CREATE OR REPLACE VIEW llm_anomalies_now AS
SELECT * FROM llm_anomalies ORDER BY revision DESC, at LIMIT 1 BY anomaly_id;
