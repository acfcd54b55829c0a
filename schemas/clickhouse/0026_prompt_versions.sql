-- Versions of prompts: what each costs, how fast and how good it is, and when which one was in charge.

-- One row a version of a prompt, over all that the hourly rollup holds (400 days). Quality is the mean of what judges said (0 to 1), each judged call weighed by
-- how it was sampled; feedback that of users.
CREATE OR REPLACE VIEW llm_prompt_versions AS
SELECT
    used.tenant AS tenant,
    used.service AS service,
    used.prompt_name AS prompt_name,
    used.prompt_version AS prompt_version,
    used.first_seen AS first_seen,
    used.last_seen AS last_seen,
    used.calls AS calls,
    used.errors / used.calls AS error_share,
    used.calls_refused / used.calls AS refused_share,
    used.calls_length / used.calls AS cut_share,
    judged.flagged / used.calls AS flagged_share,
    used.cost_usd AS cost_usd,
    used.calls_unpriced AS calls_unpriced,
    toFloat64(used.cost_usd) / nullIf(used.calls - used.calls_unpriced, 0) AS usd_per_call,
    used.tokens / nullIf(used.calls - used.calls_without_usage, 0) AS tokens_per_call,
    if(isNaN(used.duration[2]), NULL, used.duration[1]) AS duration_p50_ms,
    if(isNaN(used.duration[2]), NULL, used.duration[3]) AS duration_p95_ms,
    if(isNaN(used.ttft[2]), NULL, used.ttft[1]) AS ttft_p50_ms,
    if(isNaN(used.ttft[2]), NULL, used.ttft[3]) AS ttft_p95_ms,
    judged.quality AS quality,
    judged.judgements AS judgements,
    judged.feedback AS feedback,
    judged.opinions AS opinions
FROM
(
    SELECT
        tenant,
        service,
        prompt_name,
        prompt_version,
        min(rollup.ts) AS first_seen,
        max(rollup.ts) AS last_seen,
        sum(rollup.calls) AS calls,
        sum(rollup.errors) AS errors,
        sum(rollup.calls_refused) AS calls_refused,
        sum(rollup.calls_length) AS calls_length,
        sum(rollup.calls_unpriced) AS calls_unpriced,
        sum(rollup.calls_without_usage) AS calls_without_usage,
        sum(rollup.input_tokens + rollup.output_tokens) AS tokens,
        sum(rollup.cost_usd) AS cost_usd,
        quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(rollup.duration_ms_state) AS duration,
        quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(rollup.ttft_ms_state) AS ttft
    FROM llm_rollup_1h AS rollup
    WHERE prompt_name != ''
    GROUP BY tenant, service, prompt_name, prompt_version
    HAVING calls > 0
) AS used
LEFT JOIN
(
    SELECT
        tenant,
        service,
        prompt_name,
        prompt_version,
        uniqExactIf((call_trace_id, call_span_id), source = 'rule') AS flagged,
        countIf(source IN ('judge', 'event') AND isNotNull(value)) AS judgements,
        sumIf(value / greatest(probability, 1e-6), source IN ('judge', 'event')) / nullIf(sumIf(1 / greatest(probability, 1e-6), source IN ('judge', 'event') AND isNotNull(value)), 0) AS quality,
        countIf(source = 'user' AND isNotNull(value)) AS opinions,
        avgIf(value, source = 'user' AND isNotNull(value)) AS mean_opinion,
        if(isNaN(mean_opinion), NULL, mean_opinion) AS feedback
    FROM llm_judged_calls
    WHERE error_type = '' AND prompt_name != ''
    GROUP BY tenant, service, prompt_name, prompt_version
) AS judged ON judged.tenant = used.tenant AND judged.service = used.service AND judged.prompt_name = used.prompt_name AND judged.prompt_version = used.prompt_version
SETTINGS join_use_nulls = 1;

-- When which version took over, and when an older one came back. A version is in charge of an hour in which it answers at least four of five calls, of ten or more:
-- in an experiment nobody is. rolled_back: the version that takes over had been in charge before the one that it follows first was.
CREATE OR REPLACE VIEW llm_prompt_changes AS
SELECT
    tenant,
    service,
    prompt_name,
    ts,
    multiIf(before = '', 'first', first_in_charge < before_first_in_charge, 'rolled_back', 'deployed') AS kind,
    before AS from_version,
    version AS to_version
FROM
(
    SELECT
        tenant,
        service,
        prompt_name,
        ts,
        version,
        first_in_charge,
        lagInFrame(version) OVER (PARTITION BY tenant, service, prompt_name ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before,
        lagInFrame(first_in_charge) OVER (PARTITION BY tenant, service, prompt_name ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before_first_in_charge
    FROM
    (
        SELECT
            tenant,
            service,
            prompt_name,
            ts,
            version,
            min(ts) OVER (PARTITION BY tenant, service, prompt_name, version) AS first_in_charge
        FROM
        (
            SELECT tenant, service, prompt_name, ts, argMax(prompt_version, calls) AS version, max(calls) AS most, sum(calls) AS all_calls
            FROM
            (
                SELECT tenant, service, prompt_name, rollup.ts AS ts, prompt_version, sum(rollup.calls) AS calls
                FROM llm_rollup_1h AS rollup
                WHERE prompt_name != ''
                GROUP BY tenant, service, prompt_name, ts, prompt_version
            )
            GROUP BY tenant, service, prompt_name, ts
            HAVING all_calls >= 10 AND most >= 0.8 * all_calls
        )
    )
)
WHERE version != before;

-- One row a prompt: how often it is deployed and rolled back, and how fast its answers are judged.
CREATE OR REPLACE VIEW llm_prompt_pace AS
SELECT
    used.tenant AS tenant,
    used.service AS service,
    used.prompt_name AS prompt_name,
    used.versions AS versions,
    greatest(dateDiff('hour', used.first_seen, used.last_seen) + 1, 24) / 168 AS weeks,
    ifNull(changed.deployments, 0) AS deployments,
    ifNull(changed.rollbacks, 0) AS rollbacks,
    deployments / weeks AS deployments_per_week,
    rollbacks / nullIf(deployments, 0) AS rollback_rate,
    ifNull(judged.judgements, 0) / (weeks * 7) AS judgements_per_day,
    judged.hours_to_judge AS median_hours_to_judge
FROM
(
    SELECT tenant, service, prompt_name, uniqExact(prompt_version) AS versions, min(rollup.ts) AS first_seen, max(rollup.ts) AS last_seen
    FROM llm_rollup_1h AS rollup
    WHERE prompt_name != ''
    GROUP BY tenant, service, prompt_name
    HAVING sum(rollup.calls) > 0
) AS used
LEFT JOIN
(
    SELECT tenant, service, prompt_name, countIf(kind = 'deployed') AS deployments, countIf(kind = 'rolled_back') AS rollbacks
    FROM llm_prompt_changes
    GROUP BY tenant, service, prompt_name
) AS changed ON changed.tenant = used.tenant AND changed.service = used.service AND changed.prompt_name = used.prompt_name
LEFT JOIN
(
    SELECT tenant, service, prompt_name, count() AS judgements, quantileExact(0.5)(dateDiff('second', call_ts, ts) / 3600) AS hours_to_judge
    FROM llm_judged_calls
    WHERE source IN ('judge', 'event', 'human', 'user') AND prompt_name != ''
    GROUP BY tenant, service, prompt_name
) AS judged ON judged.tenant = used.tenant AND judged.service = used.service AND judged.prompt_name = used.prompt_name
SETTINGS join_use_nulls = 1;

-- The figures of the field, a day and service. Each is defined in docs/prompts.md.
CREATE OR REPLACE VIEW llm_field_metrics AS
SELECT
    toStartOfDay(call.ts) AS day,
    tenant,
    service,
    count() AS calls,
    sum(toDecimal128(ifNull(call.cost_usd, 0), 12)) AS cost,
    1000 * toFloat64(sumIf(call.cost_usd, isNotNull(call.input_tokens))) / nullIf(sumIf(ifNull(call.input_tokens, 0) + ifNull(call.output_tokens, 0), isNotNull(call.cost_usd)), 0) AS usd_per_1k_tokens,
    toFloat64(sumIf(call.cost_usd, user_id != '')) / nullIf(uniqExactIf(user_id, user_id != '' AND isNotNull(call.cost_usd)), 0) AS usd_per_user,
    toFloat64(sumIf(call.cost_usd, session_id != '')) / nullIf(uniqExactIf(session_id, session_id != '' AND isNotNull(call.cost_usd)), 0) AS usd_per_session,
    sum(call.output_tokens) / nullIf(sumIf(call.input_tokens, isNotNull(call.output_tokens)), 0) AS token_efficiency,
    sum(call.cached_tokens) / nullIf(sumIf(call.input_tokens, isNotNull(call.cached_tokens)), 0) AS cache_hit_rate,
    countIf(call.status = 'ok') / count() AS availability,
    1 - countIf(arrayExists(flag -> flag IN ('content_filter', 'prompt_injection') OR startsWith(flag, 'pii_answer'), call.flags)) / count() AS safety_compliance
FROM llm_calls_now AS call
GROUP BY day, tenant, service;

-- Cases that were reported as resolved or not: judgements named resolved, resolution or task_completion, by users, people or judges.
CREATE OR REPLACE VIEW llm_resolution AS
SELECT
    toStartOfDay(ts) AS day,
    tenant,
    service,
    prompt_name,
    prompt_version,
    count() AS reported,
    sum(value / greatest(probability, 1e-6)) / sum(1 / greatest(probability, 1e-6)) AS resolution_rate
FROM llm_judged_calls
WHERE lower(name) IN ('resolved', 'resolution', 'task_completion') AND isNotNull(value) AND error_type = ''
GROUP BY day, tenant, service, prompt_name, prompt_version;
