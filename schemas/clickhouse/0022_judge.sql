-- What the judge samples, asks and spends, and how the quality of answers is estimated from it.

-- Who judges: as alert_claims and alert_claim_signs, for the judge.
CREATE TABLE IF NOT EXISTS judge_claims
(
    epoch                UInt64 COMMENT 'Grows with each claim; of two equal ones the greater owner is the later',
    owner                String COMMENT 'Random, one for each claim',
    instance             LowCardinality(String) COMMENT 'Who claims',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (epoch, owner)
TTL toDateTime(at) + INTERVAL 800 DAY;

CREATE TABLE IF NOT EXISTS judge_claim_signs
(
    epoch                UInt64,
    owner                String,
    released             Bool COMMENT 'It stops: the next one need not wait',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (epoch, at)
TTL toDateTime(at) + INTERVAL 2 DAY
SETTINGS ttl_only_drop_parts = 1;

-- Messages are kept for a share of the traces; what is estimated from those that were kept must know the share.
ALTER TABLE llm_content
    ADD COLUMN IF NOT EXISTS probability Float64 DEFAULT 1 COMMENT 'Probability with which these messages were kept: 1 for errors and flagged calls, else ContentShare' AFTER tool_definitions,
    ADD COLUMN IF NOT EXISTS context String COMMENT 'What a retrieval or a tool gave back; JSON array of texts; empty for a call' CODEC(ZSTD(3)) AFTER tool_definitions;

ALTER TABLE llm_scores
    ADD COLUMN IF NOT EXISTS rubric_version LowCardinality(String) COMMENT 'Version of the rubric that was judged by; empty when nobody said' AFTER probability,
    ADD COLUMN IF NOT EXISTS judge_model LowCardinality(String) COMMENT 'The model that judged; empty when it was none' AFTER rubric_version;

-- One row is the plan of one stratum of one window: a window of arrival, all calls of the same tenant, service, prompt version and model under the same rule. It is
-- noted before anything of the window is sampled, so that whoever samples the window again samples the same.
CREATE TABLE IF NOT EXISTS llm_judge_strata
(
    window_start         DateTime('UTC') COMMENT 'Calls that arrived from here on (ingested_at)',
    window_end           DateTime('UTC') COMMENT 'to here',
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    model                LowCardinality(String) COMMENT 'model_requested of llm_calls',
    rule                 LowCardinality(String) COMMENT 'The rule of schemas/judge/sampling.yaml that decided',
    calls                UInt64 COMMENT 'Calls of the stratum in the window',
    answered             UInt64 COMMENT 'Those of them with an answer that was kept: only these can be judged',
    share                Float64 COMMENT 'What the rule, and its floor, ask for',
    probability          Float64 COMMENT 'What the budget allows of it: each answered call is sampled with this probability',
    rubrics              Array(LowCardinality(String)),
    planned_by           LowCardinality(String) COMMENT 'The instance that planned',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_start, tenant, service, prompt_name, prompt_version, model, rule)
TTL toDateTime(window_start) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One row is one sampled call and one rubric to judge it by. It is pending until llm_judge_outcomes has its end.
CREATE TABLE IF NOT EXISTS llm_judge_requests
(
    window_start         DateTime('UTC'),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    rubric               LowCardinality(String),
    call_at              DateTime64(9, 'UTC') COMMENT 'ts of the call' CODEC(Delta, ZSTD(1)),
    tenant               LowCardinality(String),
    service              LowCardinality(String),
    prompt_name          LowCardinality(String),
    prompt_version       LowCardinality(String),
    model                LowCardinality(String) COMMENT 'model_requested of llm_calls',
    rule                 LowCardinality(String),
    response_id          String CODEC(ZSTD(1)),
    position             Float64 COMMENT 'Where the trace lies in [0, 1); sampled because it is below probability_sampled',
    probability_sampled  Float64 COMMENT 'That of its stratum',
    probability          Float64 COMMENT 'That of being judged at all: the one above times that of the messages being kept; weigh by its inverse',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),

    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_start, trace_id, span_id, rubric)
TTL toDateTime(window_start) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One row is one window that was sampled to its end.
CREATE TABLE IF NOT EXISTS llm_judge_windows
(
    window_start         DateTime('UTC'),
    window_end           DateTime('UTC'),
    calls                UInt64,
    requests             UInt64,
    pressure             Float64 COMMENT 'What the budget left of what the rules ask for; 1 when all',
    sampled_by           LowCardinality(String),
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY window_start
TTL toDateTime(window_start) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One row is the end of one request: judged; failed (then llm_scores says why); no_context, no_reference, no_content, taken_back, no_rubric, expired (then there is no score).
CREATE TABLE IF NOT EXISTS llm_judge_outcomes
(
    window_start         DateTime('UTC') COMMENT 'That of the request',
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    rubric               LowCardinality(String),
    outcome              LowCardinality(String),
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_start, trace_id, span_id, rubric)
TTL toDateTime(window_start) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- Money. What a request to the judge can cost at most is set aside before it is sent; when it has ended, what it did cost takes the place. What was never
-- settled, because the process was killed, counts in full.
CREATE TABLE IF NOT EXISTS llm_judge_spend
(
    day                  Date COMMENT 'The day, UTC, whose budget it takes',
    reservation_id       String,
    kind                 Enum8('reserved' = 1, 'settled' = 2),
    amount_usd           Decimal(18, 12),
    error_type           LowCardinality(String) COMMENT 'Of a settled one that failed',
    epoch                UInt64 COMMENT 'Claim of the one who asked',
    owner                String,
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, reservation_id, kind)
TTL day + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE OR REPLACE VIEW llm_judge_budget AS
SELECT
    day,
    count() AS requests,
    sum(if(settled > 0, settled_usd, reserved_usd)) AS spent_usd,
    sumIf(reserved_usd, settled = 0) AS unsettled_usd,
    countIf(failed > 0) AS requests_failed
FROM
(
    SELECT day, reservation_id, countIf(kind = 'settled') AS settled, maxIf(amount_usd, kind = 'settled') AS settled_usd, maxIf(amount_usd, kind = 'reserved') AS reserved_usd, countIf(error_type != '') AS failed
    FROM llm_judge_spend
    GROUP BY day, reservation_id
)
GROUP BY day;

CREATE OR REPLACE VIEW llm_judge_pending AS
SELECT * FROM llm_judge_requests
WHERE (window_start, trace_id, span_id, rubric) NOT IN (SELECT window_start, trace_id, span_id, rubric FROM llm_judge_outcomes);

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
    arrayFirst(p -> p.6 != '', parts).6 AS tool_definitions,
    probability
FROM
(
    SELECT
        trace_id,
        span_id,
        min(c.ts) AS ts,
        c.tenant AS tenant,
        any(c.service) AS service,
        max(c.probability) AS probability,
        arraySort(groupUniqArray((c.source = 'log', c.ts, c.system_instructions, c.input_messages, c.output_messages, c.tool_definitions))) AS parts
    FROM llm_content AS c
    WHERE c.context = ''
    GROUP BY tenant, trace_id, span_id
);
