-- Where money goes that need not be spent, over the last seven days: as long as messages are kept. What needs messages sees only calls whose messages were kept
-- (llm_lever_coverage says how many), so it finds too little rather than too much.

-- What calls were asked, as keys: no text. same: equal but for white space. alike: about the same words in about the same order (MinHash over three-word shingles,
-- four lowest and four highest). long_prefix: the beginning, up to 4 KiB of the messages.
CREATE OR REPLACE VIEW llm_prompt_keys AS
SELECT
    trace_id,
    span_id,
    cityHash64(system_instructions, tool_definitions) AS head,
    length(system_instructions) + length(tool_definitions) AS head_bytes,
    length(system_instructions) + length(tool_definitions) + length(input_messages) AS bytes,
    cityHash64(head, trimBoth(replaceRegexpAll(input_messages, '(\\s|\\\\[nrt])+', ' '))) AS same,
    length(extractAll(substring(input_messages, -8192), '\\w+')) AS words,
    if(words >= 16, wordShingleMinHashCaseInsensitive(substring(input_messages, -8192), 3, 4), (same, same)) AS sketch,
    cityHash64(head, sketch.1, sketch.2) AS alike,
    if(length(input_messages) > 4096, cityHash64(head, substring(input_messages, 1, 4096)), head) AS long_prefix,
    head_bytes + if(length(input_messages) > 4096, 4096, 0) AS prefix_bytes
FROM llm_content_now
WHERE ts >= now() - INTERVAL 7 DAY AND input_messages != '';

-- One row a call and lever: what it cost, and how much of that the lever would have saved. A call can stand under several levers.
CREATE OR REPLACE VIEW llm_lever_calls AS
WITH
asked AS
(
    SELECT
        call.ts AS ts, call.trace_id AS trace_id, call.span_id AS span_id, call.tenant AS tenant, call.service AS service, call.provider AS provider, call.model_requested AS model,
        call.status AS status, call.finish_reasons AS finish_reasons, call.prompt_name AS prompt_name, call.operation AS operation,
        ifNull(call.input_tokens, 0) AS input, ifNull(call.cached_tokens, 0) AS cached, ifNull(call.cache_write_tokens, 0) AS written, ifNull(call.output_tokens, 0) AS output,
        toFloat64(ifNull(call.cost_usd, 0)) AS cost, toFloat64(ifNull(call.cost_input_usd, 0)) AS cost_input, toFloat64(ifNull(call.cost_cached_usd, 0)) AS cost_cached,
        toFloat64(ifNull(call.cost_output_usd, 0)) AS cost_output,
        key.same AS same, key.alike AS alike, key.head AS head, key.long_prefix AS long_prefix, key.prefix_bytes AS prefix_bytes, key.bytes AS bytes
    FROM llm_calls_now AS call
    LEFT JOIN llm_prompt_keys AS key ON key.trace_id = call.trace_id AND key.span_id = call.span_id
    WHERE call.ts >= now() - INTERVAL 7 DAY AND call.ingested_at >= now() - INTERVAL 8 DAY AND isNotNull(call.cost_usd)
),
-- The price of a cached token against an uncached one, where both were seen.
discounts AS
(
    SELECT provider, model, least(1, (sum(cost_cached) / sum(cached)) / (sumIf(cost_input, input > cached + written) / sumIf(input - cached - written, input > cached + written))) AS cached_price
    FROM asked
    WHERE cached > 0 AND cost_cached > 0
    GROUP BY provider, model
    HAVING isFinite(cached_price)
),
-- What models of a prompt cost a token, and what judges think of their answers.
models AS
(
    SELECT paid.tenant AS tenant, paid.service AS service, paid.prompt_name AS prompt_name, paid.provider AS provider, paid.model AS model, extract(lower(paid.model), '^[a-z]+') AS family,
        paid.cost / paid.tokens AS usd_per_token, judged.mean AS mean, judged.variance AS variance
    FROM
    (
        SELECT tenant, service, prompt_name, provider, model, sum(asked.cost) AS cost, sum(asked.input + asked.output) AS tokens
        FROM asked WHERE status = 'ok' AND prompt_name != '' GROUP BY tenant, service, prompt_name, provider, model HAVING tokens > 0 AND cost > 0
    ) AS paid
    INNER JOIN
    (
        SELECT tenant, service, prompt_name, model_requested AS model, sum(value / p) / sum(1 / p) AS mean, sum(pow((value - mean_inside) / p, 2)) / pow(sum(1 / p), 2) AS variance
        FROM
        (
            SELECT tenant, service, prompt_name, model_requested, assumeNotNull(value) AS value, greatest(probability, 1e-6) AS p,
                sum(value / p) OVER (PARTITION BY tenant, service, prompt_name, model_requested) / sum(1 / p) OVER (PARTITION BY tenant, service, prompt_name, model_requested) AS mean_inside
            FROM llm_judged_calls
            WHERE source IN ('judge', 'event') AND isNotNull(value) AND error_type = '' AND prompt_name != '' AND call_ts >= now() - INTERVAL 30 DAY
        )
        GROUP BY tenant, service, prompt_name, model
        HAVING count() >= 30
    ) AS judged ON judged.tenant = paid.tenant AND judged.service = paid.service AND judged.prompt_name = paid.prompt_name AND judged.model = paid.model
)
-- Asked before, within a day, and answered.
SELECT 'exact_duplicate' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, cost AS saved_usd
FROM
(
    SELECT *, max(if(status = 'ok', ts, toDateTime64(0, 9, 'UTC'))) OVER (PARTITION BY tenant, service, model, same ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS answered_at
    FROM asked
    WHERE bytes > 0 AND operation != 'embeddings'
)
WHERE status = 'ok' AND answered_at >= ts - INTERVAL 1 DAY AND cost > 0
UNION ALL
-- About the same was asked before, within a day, and answered; the same is counted above.
SELECT 'near_duplicate' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, cost AS saved_usd
FROM
(
    SELECT
        *,
        max(if(status = 'ok', ts, toDateTime64(0, 9, 'UTC'))) OVER (PARTITION BY tenant, service, model, alike ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS answered_at,
        max(if(status = 'ok', ts, toDateTime64(0, 9, 'UTC'))) OVER (PARTITION BY tenant, service, model, same ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS same_answered_at
    FROM asked
    WHERE bytes > 0 AND operation != 'embeddings'
)
WHERE status = 'ok' AND answered_at >= ts - INTERVAL 1 DAY AND same_answered_at < ts - INTERVAL 1 DAY AND cost > 0
UNION ALL
-- The same beginning of 1,024 tokens or more came within five minutes before, as long as providers' caches hold, and was paid in full. It would have cost what cached
-- tokens of that model cost in this traffic, or half where none were seen.
SELECT 'uncached_prefix' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd,
    (prefix - cached) * cost_input / (input - cached - written) * (1 - if(price.cached_price > 0, price.cached_price, 0.5)) AS saved_usd
FROM
(
    SELECT *, input * prefix_bytes / bytes AS prefix, lagInFrame(ts) OVER (PARTITION BY tenant, service, provider, model, long_prefix ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
    FROM asked
    WHERE bytes > 0
) AS repeated
LEFT JOIN discounts AS price ON price.provider = repeated.provider AND price.model = repeated.model
WHERE before >= ts - INTERVAL 5 MINUTE AND prefix >= 1024 AND cached < prefix / 2 AND input > cached + written AND cost_input > 0
    AND (price.cached_price > 0 OR repeated.provider IN ('openai', 'anthropic', 'azure.ai.openai', 'azure.ai.inference', 'gcp.gemini', 'gcp.vertex_ai', 'gcp.gen_ai', 'aws.bedrock', 'deepseek', 'x_ai', 'moonshot_ai'))
UNION ALL
-- Much longer input than is usual for the prompt, for an answer of no more than usual length.
SELECT 'oversized_context' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, (cost_input + cost_cached) * (1 - 2 * usual.input_median / input) AS saved_usd
FROM asked
INNER JOIN
(
    SELECT tenant, service, model, prompt_name, quantile(0.5)(asked.input) AS input_median, quantile(0.5)(asked.output) AS output_median
    FROM asked
    WHERE status = 'ok' AND asked.input > 0
    GROUP BY tenant, service, model, prompt_name
    HAVING count() >= 30
) AS usual ON usual.tenant = asked.tenant AND usual.service = asked.service AND usual.model = asked.model AND usual.prompt_name = asked.prompt_name
WHERE asked.input >= 4000 AND asked.input > 4 * usual.input_median AND asked.output <= 1.5 * usual.output_median AND asked.status = 'ok'
UNION ALL
-- Failed or cut off, and the same was asked again within a minute: what the first one cost was for nothing.
SELECT 'wasted_retry' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, cost AS saved_usd
FROM
(
    SELECT *, leadInFrame(ts) OVER (PARTITION BY tenant, service, same ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS again
    FROM asked
    WHERE bytes > 0
)
WHERE (status = 'error' OR hasAny(finish_reasons, ['length', 'max_tokens', 'MAX_TOKENS'])) AND again > ts AND again <= ts + INTERVAL 1 MINUTE AND cost > 0
UNION ALL
-- Answers that a token limit cut off: what their output cost.
SELECT 'truncated_answer' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, cost_output AS saved_usd
FROM asked
WHERE hasAny(finish_reasons, ['length', 'max_tokens', 'MAX_TOKENS']) AND cost_output > 0
UNION ALL
-- A cheaper model of the same family answers the same prompt, and judges find its answers as good: thirty judged answers each, and no worse by more than 0.05 with 95 %
-- confidence. It would have cost what the cheaper one's tokens cost.
SELECT 'cheaper_model' AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, cost * (1 - cheaper.cost_ratio) AS saved_usd
FROM asked
INNER JOIN
(
    SELECT dear.tenant AS tenant, dear.service AS service, dear.prompt_name AS prompt_name, dear.provider AS provider, dear.model AS model, min(cheap.usd_per_token / dear.usd_per_token) AS cost_ratio
    FROM models AS dear
    INNER JOIN models AS cheap ON cheap.tenant = dear.tenant AND cheap.service = dear.service AND cheap.prompt_name = dear.prompt_name AND cheap.provider = dear.provider AND cheap.family = dear.family
    WHERE cheap.usd_per_token < 0.8 * dear.usd_per_token AND cheap.mean - dear.mean - 1.96 * sqrt(cheap.variance + dear.variance) > -0.05
    GROUP BY tenant, service, prompt_name, provider, model
) AS cheaper ON cheaper.tenant = asked.tenant AND cheaper.service = asked.service AND cheaper.prompt_name = asked.prompt_name AND cheaper.provider = asked.provider AND cheaper.model = asked.model
WHERE asked.cost > 0
SETTINGS join_use_nulls = 0;

-- How much of the week the levers could see.
CREATE OR REPLACE VIEW llm_lever_coverage AS
SELECT
    least(greatest(dateDiff('second', min(call.ts), now()) / 86400, 1), 7) AS days,
    count() AS calls,
    countIf(isNotNull(call.cost_usd)) AS priced_calls,
    countIf((trace_id, span_id) IN (SELECT trace_id, span_id FROM llm_content WHERE input_messages != '')) AS calls_with_messages,
    toFloat64(sum(toDecimal128(ifNull(call.cost_usd, 0), 12))) AS cost_usd
FROM llm_calls_now AS call
WHERE call.ts >= now() - INTERVAL 7 DAY AND call.ingested_at >= now() - INTERVAL 8 DAY;

-- One row a lever and service. saved_usd_per_month is what the lever alone would have saved; counted_usd_per_month is its part of a total in which each call counts once,
-- under the lever that saves most of it.
CREATE OR REPLACE VIEW llm_levers AS
SELECT
    lever,
    service,
    count() AS calls,
    sum(saved) AS saved_usd,
    sum(if(is_counted, saved, 0)) AS counted_usd,
    saved_usd * 30 / (SELECT days FROM llm_lever_coverage) AS saved_usd_per_month,
    counted_usd * 30 / (SELECT days FROM llm_lever_coverage) AS counted_usd_per_month,
    arrayMap(e -> e.2, arrayReverseSort(groupArraySample(1000, 7)((saved, trace_id)))) AS samples,
    arraySlice(samples, 1, 5) AS example_traces
FROM
(
    SELECT lever, service, trace_id, greatest(least(saved_usd, cost_usd), 0) AS saved, row_number() OVER (PARTITION BY trace_id, span_id ORDER BY least(saved_usd, cost_usd) DESC, lever) = 1 AS is_counted
    FROM llm_lever_calls
    WHERE saved_usd > 0
)
GROUP BY lever, service;
