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
    cityHash64(head, replaceRegexpAll(replaceAll(replaceAll(input_messages, '\\n', ' '), '\\t', ' '), '\\s+', ' ')) AS same,
    countSubstrings(substring(input_messages, -8192), ' ') AS spaces,
    if(spaces >= 16, wordShingleMinHashCaseInsensitive(substring(input_messages, -8192), 3, 4), (same, same)) AS sketch,
    cityHash64(head, sketch.1, sketch.2) AS alike,
    if(length(input_messages) > 4096, cityHash64(head, substring(input_messages, 1, 4096)), head) AS long_prefix,
    head_bytes + if(length(input_messages) > 4096, 4096, 0) AS prefix_bytes
FROM
(
    SELECT trace_id, span_id, system_instructions, tool_definitions, input_messages FROM llm_content WHERE source != 'log' AND input_messages != '' AND ts >= now() - INTERVAL 7 DAY
    UNION ALL
    SELECT trace_id, span_id, max(c.system_instructions), max(c.tool_definitions), arrayStringConcat(arrayMap(m -> m.2, arraySort(groupUniqArrayIf((c.ts, c.input_messages), c.input_messages != ''))))
    FROM llm_content AS c
    WHERE c.source = 'log' AND c.ts >= now() - INTERVAL 7 DAY
    GROUP BY trace_id, span_id
)
WHERE input_messages != '';

-- One row a call and lever: what it cost, and how much of that the lever would have saved. A call can stand under several levers. All calls are read once with their
-- keys; what came before and after in the same group is told by windows over them.
CREATE OR REPLACE VIEW llm_lever_calls AS
WITH
paid AS
(
    SELECT
        call.ts AS ts, call.trace_id AS trace_id, call.span_id AS span_id, call.tenant AS tenant, call.service AS service, call.provider AS provider, call.model_requested AS model,
        call.status = 'ok' AS is_ok, hasAny(call.finish_reasons, ['length', 'max_tokens', 'MAX_TOKENS']) AS is_cut, call.prompt_name AS prompt_name, call.operation = 'embeddings' AS is_embedding,
        toFloat64(ifNull(call.input_tokens, 0)) AS input, toFloat64(ifNull(call.cached_tokens, 0)) AS cached, toFloat64(ifNull(call.cache_write_tokens, 0)) AS written,
        toFloat64(ifNull(call.output_tokens, 0)) AS output, toFloat64(ifNull(call.cost_usd, 0)) AS cost, toFloat64(ifNull(call.cost_input_usd, 0)) AS cost_input,
        toFloat64(ifNull(call.cost_cached_usd, 0)) AS cost_cached, toFloat64(ifNull(call.cost_output_usd, 0)) AS cost_output
    FROM llm_calls_now AS call
    WHERE call.ts >= now() - INTERVAL 7 DAY AND call.ingested_at >= now() - INTERVAL 8 DAY AND isNotNull(call.cost_usd)
),
-- The price of a cached token against an uncached one, where both were seen.
discounts AS
(
    SELECT provider, model, least(1, (sum(cost_cached) / sum(cached)) / (sumIf(cost_input, input > cached + written) / sumIf(input - cached - written, input > cached + written))) AS cached_price
    FROM paid
    WHERE cached > 0 AND cost_cached > 0
    GROUP BY provider, model
    HAVING isFinite(cached_price)
),
-- What is usual for a prompt and model.
usual AS
(
    SELECT tenant, service, model, prompt_name, quantile(0.5)(paid.input) AS input_median, quantile(0.5)(paid.output) AS output_median
    FROM paid
    WHERE is_ok AND paid.input > 0
    GROUP BY tenant, service, model, prompt_name
    HAVING count() >= 30
),
-- What models of a prompt cost a token, and what judges think of their answers.
models AS
(
    SELECT spent.tenant AS tenant, spent.service AS service, spent.prompt_name AS prompt_name, spent.provider AS provider, spent.model AS model, extract(lower(spent.model), '^[a-z]+') AS family,
        spent.cost / spent.tokens AS usd_per_token, judged.mean AS mean, judged.variance AS variance
    FROM
    (
        SELECT tenant, service, prompt_name, provider, model, sum(paid.cost) AS cost, sum(paid.input + paid.output) AS tokens
        FROM paid WHERE is_ok AND prompt_name != '' GROUP BY tenant, service, prompt_name, provider, model HAVING tokens > 0 AND cost > 0
    ) AS spent
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
    ) AS judged ON judged.tenant = spent.tenant AND judged.service = spent.service AND judged.prompt_name = spent.prompt_name AND judged.model = spent.model
),
cheaper AS
(
    SELECT dear.tenant AS tenant, dear.service AS service, dear.prompt_name AS prompt_name, dear.provider AS provider, dear.model AS model, min(cheap.usd_per_token / dear.usd_per_token) AS cost_ratio
    FROM models AS dear
    INNER JOIN models AS cheap ON cheap.tenant = dear.tenant AND cheap.service = dear.service AND cheap.prompt_name = dear.prompt_name AND cheap.provider = dear.provider AND cheap.family = dear.family
    WHERE cheap.usd_per_token < 0.8 * dear.usd_per_token AND cheap.mean - dear.mean - 1.96 * sqrt(cheap.variance + dear.variance) > -0.05
    GROUP BY tenant, service, prompt_name, provider, model
)
SELECT found.1 AS lever, ts, trace_id, span_id, tenant, service, provider, model, cost AS cost_usd, found.3 AS saved_usd
FROM
(
    SELECT
        asked.ts AS ts, asked.trace_id AS trace_id, asked.span_id AS span_id, asked.tenant AS tenant, asked.service AS service, asked.provider AS provider,
        asked.model AS model, asked.is_ok AS is_ok, asked.is_cut AS is_cut, asked.input AS input, asked.cached AS cached, asked.written AS written,
        asked.output AS output, asked.cost AS cost, asked.cost_input AS cost_input, asked.cost_cached AS cost_cached, asked.cost_output AS cost_output,
        asked.is_known AS is_known, asked.prefix AS prefix, asked.same_answered_at AS same_answered_at, asked.alike_answered_at AS alike_answered_at,
        asked.asked_again_at AS asked_again_at, asked.prefix_before AS prefix_before,
        -- Of the beginning what was paid in full and need not have been.
        (asked.prefix - asked.cached) * asked.cost_input / (asked.input - asked.cached - asked.written) * (1 - if(discount.cached_price > 0, discount.cached_price, 0.5)) AS prefix_saved,
        discount.cached_price > 0 OR asked.provider IN ('openai', 'anthropic', 'azure.ai.openai', 'azure.ai.inference', 'gcp.gemini', 'gcp.vertex_ai', 'gcp.gen_ai', 'aws.bedrock', 'deepseek', 'x_ai', 'moonshot_ai') AS is_caching,
        usual.input_median AS input_median,
        usual.output_median AS output_median,
        cheaper.cost_ratio AS cost_ratio
    FROM
    (
        SELECT
            paid.ts AS ts, paid.trace_id AS trace_id, paid.span_id AS span_id, paid.tenant AS tenant, paid.service AS service, paid.provider AS provider,
            paid.model AS model, paid.is_ok AS is_ok, paid.is_cut AS is_cut, paid.prompt_name AS prompt_name, paid.is_embedding AS is_embedding, paid.input AS input,
            paid.cached AS cached, paid.written AS written, paid.output AS output, paid.cost AS cost, paid.cost_input AS cost_input, paid.cost_cached AS cost_cached,
            paid.cost_output AS cost_output,
            key.bytes > 0 AS is_known,
            input * key.prefix_bytes / greatest(key.bytes, 1) AS prefix,
            -- Of embeddings and of calls without messages nothing is known to be the same: each is a group of its own.
            if(is_known AND NOT is_embedding, key.same, cityHash64(paid.trace_id, paid.span_id)) AS same,
            if(is_known AND NOT is_embedding, key.alike, cityHash64(paid.trace_id, paid.span_id)) AS alike,
            if(is_known, key.long_prefix, cityHash64(paid.trace_id, paid.span_id)) AS long_prefix,
            max(if(is_ok, ts, toDateTime64(0, 9, 'UTC'))) OVER (PARTITION BY tenant, service, model, same ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS same_answered_at,
            max(if(is_ok, ts, toDateTime64(0, 9, 'UTC'))) OVER (PARTITION BY tenant, service, model, alike ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS alike_answered_at,
            leadInFrame(ts) OVER (PARTITION BY tenant, service, same ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS asked_again_at,
            lagInFrame(ts) OVER (PARTITION BY tenant, service, provider, model, long_prefix ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS prefix_before
        FROM paid
        LEFT JOIN llm_prompt_keys AS key ON key.trace_id = paid.trace_id AND key.span_id = paid.span_id
    ) AS asked
    LEFT JOIN discounts AS discount ON discount.provider = asked.provider AND discount.model = asked.model
    LEFT JOIN usual ON usual.tenant = asked.tenant AND usual.service = asked.service AND usual.model = asked.model AND usual.prompt_name = asked.prompt_name
    LEFT JOIN cheaper ON cheaper.tenant = asked.tenant AND cheaper.service = asked.service AND cheaper.prompt_name = asked.prompt_name AND cheaper.provider = asked.provider AND cheaper.model = asked.model
)
ARRAY JOIN arrayFilter(l -> l.2 AND l.3 > 0,
[
    -- Asked before, within a day, and answered.
    ('exact_duplicate', is_ok AND same_answered_at >= ts - INTERVAL 1 DAY, cost),
    -- About the same was; what was just the same is counted above.
    ('near_duplicate', is_ok AND alike_answered_at >= ts - INTERVAL 1 DAY AND same_answered_at < ts - INTERVAL 1 DAY, cost),
    -- The same beginning of 1,024 tokens or more came within five minutes before, as long as providers' caches hold.
    ('uncached_prefix', is_caching AND is_known AND prefix_before >= ts - INTERVAL 5 MINUTE AND prefix >= 1024 AND cached < prefix / 2 AND input > cached + written, prefix_saved),
    -- Much longer input than is usual for the prompt, for an answer of no more than usual length.
    ('oversized_context', is_ok AND input_median > 0 AND input >= 4000 AND input > 4 * input_median AND output <= 1.5 * output_median, (cost_input + cost_cached) * (1 - 2 * input_median / input)),
    -- Failed or cut off, and the same was asked again within a minute.
    ('wasted_retry', is_known AND (NOT is_ok OR is_cut) AND asked_again_at > ts AND asked_again_at <= ts + INTERVAL 1 MINUTE, cost),
    -- Answers that a token limit cut off: what their output cost.
    ('truncated_answer', is_cut, cost_output),
    -- A cheaper model of the same family answers the same prompt, and judges find it no worse by more than 0.05 with 95 % confidence.
    ('cheaper_model', cost_ratio > 0, cost * (1 - cost_ratio))
]) AS found
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
