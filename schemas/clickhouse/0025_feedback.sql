-- What users and reviewers think of answers. A judgement has an id, so that a retry, or a change of mind under the same id, is one judgement: of rows with one id
-- the latest counts. Ask llm_scores_now; llm_scores holds what was sent.
ALTER TABLE llm_scores
    ADD COLUMN IF NOT EXISTS score_id String COMMENT 'Of rows with one id the latest counts; empty for findings of screening, which are written once' CODEC(ZSTD(1)) AFTER response_id,
    ADD COLUMN IF NOT EXISTS author String COMMENT 'Who judged: the user, the reviewer; empty when not told' CODEC(ZSTD(1)) AFTER source,
    ADD COLUMN IF NOT EXISTS rubric_version LowCardinality(String) COMMENT 'Version of the rubric that was judged by; empty when nobody said' AFTER probability,
    ADD COLUMN IF NOT EXISTS judge_model LowCardinality(String) COMMENT 'The model that judged; empty when it was none' AFTER rubric_version;

-- The sub-select has one row an id. Conditions on ts, service, name and source go through to the table.
CREATE OR REPLACE VIEW llm_scores_now AS
SELECT * FROM llm_scores
WHERE score_id = '' OR (tenant, score_id, ts, log_partition, log_offset) IN
(
    SELECT tenant, score_id, latest.1, latest.2, latest.3
    FROM
    (
        SELECT tenant, score_id, max((ts, log_partition, log_offset)) AS latest
        FROM llm_scores
        WHERE score_id != ''
        GROUP BY tenant, score_id
    )
);

-- Every judgement with the call that it is about: the span that it names, if that is a call; or else the last call of
-- the trace, whose answer was seen; or the call that the provider gave the response id. No call (call_span_id = '') when it is not known, or no longer.
CREATE OR REPLACE VIEW llm_judged_calls AS
SELECT
    score.ts AS ts,
    score.score_id AS score_id,
    score.trace_id AS trace_id,
    score.span_id AS span_id,
    score.response_id AS response_id,
    score.tenant AS tenant,
    score.name AS name,
    score.source AS source,
    score.author AS author,
    score.value AS value,
    score.label AS label,
    score.explanation AS explanation,
    score.error_type AS error_type,
    score.probability AS probability,
    score.rubric_version AS rubric_version,
    score.judge_model AS judge_model,
    call.found.1 AS call_trace_id,
    call.found.2 AS call_span_id,
    call.found.3 AS call_ts,
    if(call_span_id = '', score.service, call.found.4) AS service,
    call.found.5 AS environment,
    call.found.6 AS model_requested,
    call.found.7 AS model_answered,
    call.found.8 AS prompt_name,
    call.found.9 AS prompt_version,
    call.found.10 AS session_id,
    call.found.11 AS user_id
FROM
(
    SELECT *, multiIf(
        span_id != '' AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM llm_calls WHERE (trace_id, span_id) IN (SELECT trace_id, span_id FROM llm_scores WHERE span_id != '')), concat('s', trace_id, span_id), trace_id != '', concat('t', trace_id), concat('r', response_id)) AS target
    FROM llm_scores_now
) AS score
LEFT JOIN
(
    SELECT
        tenant,
        target,
        argMax((trace_id, span_id, ts, service, environment, model_requested, model_answered, prompt_name, prompt_version, session_id, user_id), ts) AS found
    FROM
    (
        SELECT *, concat('s', trace_id, span_id) AS target FROM llm_calls_now
        WHERE (trace_id, span_id) IN (SELECT trace_id, span_id FROM llm_scores WHERE span_id != '')
        UNION ALL
        SELECT *, concat('t', trace_id) AS target FROM llm_calls_now
        WHERE trace_id IN (SELECT trace_id FROM llm_scores WHERE trace_id != '' AND (span_id = '' OR (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM llm_calls WHERE (trace_id, span_id) IN (SELECT trace_id, span_id FROM llm_scores WHERE span_id != ''))))
        UNION ALL
        SELECT *, concat('r', response_id) AS target FROM llm_calls_now
        WHERE response_id IN (SELECT response_id FROM llm_scores WHERE trace_id = '' AND response_id != '')
    )
    GROUP BY tenant, target
) AS call ON call.tenant = score.tenant AND call.target = score.target
SETTINGS join_use_nulls = 0;
