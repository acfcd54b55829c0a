-- Reviews by people: who looks at what, and how far judges agree with them.

-- What happens to an item of the review queue. A reviewer claims it before it is shown, looks for other claims, and lets go when there is one: two who claim at once both
-- let go, so never do two have the same.
CREATE TABLE IF NOT EXISTS llm_reviews
(
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    trace_id             String,
    span_id              String,
    claim_id             String COMMENT 'Random, one for each claim',
    reviewer             String,
    kind                 Enum8('claimed' = 1, 'released' = 2, 'scored' = 3, 'skipped' = 4),
    until                DateTime64(3, 'UTC') COMMENT 'When a claim ends by itself',
    reason               LowCardinality(String) COMMENT 'random, disagreement, low_score',
    probability          Float64 DEFAULT 1 COMMENT 'With which a random item was chosen; 1 for the others'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (trace_id, span_id, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- Each judgement by a model beside what a person said of the same answer by the same name. Of several people the last one counts. is_random: the item was chosen
-- without looking at any score, so that agreement over these is not bent by what was chosen.
CREATE OR REPLACE VIEW llm_judge_human_pairs AS
SELECT
    judge.tenant AS tenant,
    if(human.service != '', human.service, judge.service) AS service,
    judge.name AS name,
    judge.rubric_version AS rubric_version,
    judge.judge_model AS judge_model,
    judge.item.1 AS trace_id,
    judge.item.2 AS span_id,
    human.ts AS ts,
    judge.ts AS judged_at,
    judge.value AS judge_value,
    judge.label AS judge_label,
    judge.probability AS probability,
    human.value AS human_value,
    human.label AS human_label,
    human.author AS reviewer,
    judge.item IN (SELECT trace_id, span_id FROM llm_reviews WHERE kind = 'scored' AND reason = 'random') AS is_random
FROM
(
    SELECT tenant, service, name, rubric_version, judge_model, if(call_span_id != '', (call_trace_id, call_span_id), (trace_id, span_id)) AS item, ts, value, label, probability
    FROM llm_judged_calls
    WHERE source IN ('judge', 'event') AND error_type = '' AND (isNotNull(value) OR label != '')
) AS judge
INNER JOIN
(
    SELECT
        tenant,
        name,
        if(call_span_id != '', (call_trace_id, call_span_id), (trace_id, span_id)) AS item,
        argMax(told.service, told.ts) AS service,
        argMax(tuple(told.value), told.ts).1 AS value,
        argMax(told.label, told.ts) AS label,
        argMax(told.author, told.ts) AS author,
        max(told.ts) AS ts
    FROM llm_judged_calls AS told
    WHERE source = 'human' AND error_type = '' AND (isNotNull(told.value) OR told.label != '')
    GROUP BY tenant, name, item
) AS human ON human.tenant = judge.tenant AND human.name = judge.name AND human.item = judge.item
SETTINGS join_use_nulls = 0;

-- How far each judge agrees with people, by rubric. kappa is Cohen's with quadratic weights on the scores themselves, which is the concordance correlation coefficient:
-- 1 is full agreement, 0 what chance gives. telemetry review agreement has the interval, the correlation of ranks and
-- the table of confusion.
CREATE OR REPLACE VIEW llm_judge_agreement AS
SELECT
    tenant,
    name,
    rubric_version,
    judge_model,
    count() AS pairs,
    countIf(is_random) AS random_pairs,
    avg(abs(judge_value - human_value) < 0.125) AS same_share,
    avg(judge_value) - avg(human_value) AS bias,
    if(varPop(judge_value) + varPop(human_value) + pow(bias, 2) > 0, 1 - avg(pow(judge_value - human_value, 2)) / (varPop(judge_value) + varPop(human_value) + pow(bias, 2)), NULL) AS kappa,
    if(varPop(judge_value) > 0 AND varPop(human_value) > 0, corr(judge_value, human_value), NULL) AS pearson,
    max(ts) AS last_review
FROM llm_judge_human_pairs
WHERE isNotNull(judge_value) AND isNotNull(human_value)
GROUP BY tenant, name, rubric_version, judge_model;
