-- Runs of golden sets: telemetry eval run. A run is written whole or not at all: results first, then the run that names them.
CREATE TABLE IF NOT EXISTS llm_eval_results
(
    run_id               String,
    case_id              String,
    repeat               UInt32 COMMENT 'From 0',
    passed               Bool COMMENT 'Everything that was expected held',
    must_pass            Bool COMMENT 'A failure is a regression whatever the statistics say',
    failures             Array(LowCardinality(String)) COMMENT 'What did not hold, and why',
    scores               String COMMENT 'Of the judge, 0 to 1, as a JSON object by rubric',
    error_type           String COMMENT 'Why there is no result; empty when there is one',
    answer               String CODEC(ZSTD(3)),
    latency_ms           Float64,
    input_tokens         Nullable(Int64),
    output_tokens        Nullable(Int64),
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (run_id, case_id, repeat)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS llm_eval_runs
(
    run_id               String,
    started_at           DateTime64(3, 'UTC'),
    set_name             LowCardinality(String),
    set_hash             String COMMENT 'SHA-256 of the set''s file',
    model                LowCardinality(String),
    endpoint             LowCardinality(String),
    label                LowCardinality(String) COMMENT 'What the run is told apart by: a version of the prompt, a commit',
    judge_model          LowCardinality(String) COMMENT 'Empty without a judge',
    repeats              UInt32,
    results              UInt64,
    passed               UInt64,
    incomplete           UInt64 COMMENT 'Results that say nothing: the endpoint or the judge gave none',
    mean_score           Nullable(Float64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(started_at)
ORDER BY (set_name, started_at)
TTL toDateTime(started_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
