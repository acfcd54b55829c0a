-- Fifteen days of four services: 60,000 calls in 20,000 traces, with errors, unpriced calls, corrections, late arrivals and names that need quoting.
INSERT INTO llm_calls (ts, trace_id, span_id, parent_span_id, tenant, service, environment, provider, model_requested, model_answered, operation, convention, stream, status, error_type,
    finish_reasons, response_id, prompt_name, prompt_version, session_id, user_id, input_tokens, cached_tokens, cache_write_tokens, output_tokens, reasoning_tokens, tokens_source,
    cost_usd, cost_input_usd, cost_cached_usd, cost_cache_write_usd, cost_output_usd, cost_reason, cost_basis, price_id, price_version, duration_ms, ttft_ms, tokens_per_second, flags,
    sign, revision, log_partition, log_offset, ingested_at)
WITH
    cityHash64(number) AS h,
    cityHash64(intDiv(number, 3)) AS trace,
    1 + h % 4 AS model,
    h % 25 = 0 AS failed,
    model = 4 AS unpriced,
    1000 + h % 3000 AS input,
    if(h % 2 = 0, 512, 0) AS cached,
    if(intDiv(h, 11) % 101 = 0, 40000, 100 + intDiv(h, 7) % 500) AS output
SELECT
    now64(9) - toIntervalSecond(30 + toUInt32(number * 21.6)) AS ts,
    lower(leftPad(hex(intDiv(number, 3) + 1), 32, '0')),
    lower(leftPad(hex(number + 1), 16, '0')),
    'aaaaaaaaaaaaaaaa',
    ['acme', 'globex', 'o''brien & sons'][1 + trace % 3],
    ['checkout', 'support', 'it''s "quoted"', 'search'][1 + intDiv(trace, 3) % 4],
    ['production', 'staging'][1 + trace % 2],
    ['openai', 'anthropic', 'gcp.gemini', 'house'][model],
    ['gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash', 'house-model-1'][model],
    ['gpt-4o-mini-2024-07-18', 'claude-sonnet-4-5', 'gemini-2.5-flash', 'house-model-1'][model],
    if(h % 10 = 0, 'text_completion', 'chat'),
    'otel', true,
    if(failed, 'error', 'ok'),
    if(failed, ['rate_limit', 'timeout', '500'][1 + intDiv(h, 25) % 3], ''),
    if(failed, [], if(h % 40 = 1, ['length'], if(h % 40 = 2, ['content_filter'], ['stop']))),
    concat('resp-', toString(number)),
    ['answer', 'summarise', ''][1 + trace % 3],
    if(trace % 3 = 2, '', if(trace % 3 = 1 AND number < 600, 'v3', if(number < 20000, 'v2', 'v1'))),
    concat('session-', toString(trace % 200)),
    concat('user-', toString(trace % 40)),
    input, cached, 0, if(failed, 0, output), 0, 'reported',
    if(unpriced, NULL, toDecimal64(input * 0.000001 + output * 0.000004, 12)),
    if(unpriced, NULL, toDecimal64((input - cached) * 0.000001, 12)),
    if(unpriced, NULL, toDecimal64(cached * 0.0000001, 12)),
    if(unpriced, NULL, toDecimal64(0, 12)),
    if(unpriced, NULL, toDecimal64(output * 0.000004, 12)),
    if(unpriced, 'unknown_model', ''), if(unpriced, '', 'exact'), if(unpriced, '', 'demo/price'), 'demo',
    toFloat64(500 + h % 4000), if(failed, NULL, toFloat64(100 + h % 900)), if(failed, NULL, toFloat64(40 + h % 60)),
    if(h % 40 = 1, ['truncated'], if(h % 97 = 0, ['refusal'], [])),
    1, 0, number % 4, number,
    least(now64(3), ts + toIntervalSecond(if(h % 200 = 0, 7200, 5)))
FROM numbers(60000);

-- One call in 500 was priced anew: taken back, and written again under the next revision.
-- (What REPLACE replaces is seen by WHERE, hence the inner queries.)
INSERT INTO llm_calls SELECT * REPLACE(toInt8(-1) AS sign, now64(3) AS ingested_at) FROM (SELECT * FROM llm_calls WHERE log_offset % 500 = 3 AND revision = 0 AND sign > 0);
INSERT INTO llm_calls SELECT * REPLACE(toUInt16(1) AS revision, cost_usd * 2 AS cost_usd, now64(3) AS ingested_at) FROM (SELECT * FROM llm_calls WHERE log_offset % 500 = 3 AND revision = 0 AND sign > 0);

INSERT INTO llm_spans (ts, trace_id, span_id, parent_span_id, tenant, service, environment, name, kind, operation, convention, role, status, not_billed_because, input_tokens, output_tokens, duration_ms, sign, ingested_at)
SELECT min(c.ts) - INTERVAL 100 MILLISECOND, trace_id, 'aaaaaaaaaaaaaaaa', '', any(tenant), any(service), any(environment), 'invoke_agent helper', 'internal', 'invoke_agent', 'otel', 'wrapper', 'ok', 'wrapper', 9000, 900, 9000, 1, max(c.ingested_at)
FROM llm_calls AS c WHERE sign > 0 AND revision = 0 GROUP BY trace_id;

INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, system_instructions, input_messages, output_messages, ingested_at)
SELECT ts, trace_id, span_id, tenant, service, '[{"type":"text","content":"Be kind."}]', '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]', '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]', ingested_at
FROM llm_calls WHERE log_offset < 3000 AND sign > 0 AND revision = 0;

INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at)
SELECT ts, trace_id, span_id, tenant, service, flag, 'rule', 1, 'finish_reason', '', 1, ingested_at FROM llm_calls ARRAY JOIN flags AS flag WHERE sign > 0 AND revision = 0;
INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at)
SELECT ts, trace_id, span_id, tenant, service, 'relevance', arrayJoin(['judge', 'human']) AS who, (log_offset % 10) / 10 + if(who = 'human', 0.05, 0), '', 'said so', if(who = 'judge', 0.2, 1), ingested_at
FROM llm_calls WHERE log_offset % 7 = 0 AND sign > 0 AND revision = 0;
INSERT INTO llm_judge_requests (window_start, trace_id, span_id, rubric, call_at, tenant, service, prompt_name, prompt_version, model, rule, position, probability_sampled, probability)
SELECT toStartOfMinute(ts), trace_id, span_id, 'relevance', ts, tenant, service, prompt_name, prompt_version, model_requested, 'default', 0.1, 0.2, 0.2
FROM llm_calls WHERE log_offset % 7 = 0 AND sign > 0 AND revision = 0;
INSERT INTO llm_judge_outcomes (window_start, trace_id, span_id, rubric, outcome)
SELECT window_start, trace_id, span_id, rubric, 'judged' FROM llm_judge_requests WHERE cityHash64(trace_id) % 10 > 0;
INSERT INTO llm_judge_strata (window_start, window_end, tenant, service, prompt_name, prompt_version, model, rule, calls, answered, share, probability, rubrics)
SELECT window_start, window_start + 60, tenant, service, prompt_name, prompt_version, model, rule, count() * 10, count() * 5, 0.25, 0.2, ['relevance']
FROM llm_judge_requests GROUP BY window_start, tenant, service, prompt_name, prompt_version, model, rule;
INSERT INTO llm_judge_spend (day, reservation_id, kind, amount_usd) SELECT toDate(now('UTC') - toIntervalHour(number)), toString(number), arrayJoin(['reserved', 'settled']) AS kind, if(kind = 'settled', 0.001, 0.01) FROM numbers(48);
INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at)
SELECT ts, trace_id, span_id, tenant, service, 'feedback', 'user', log_offset % 2, if(log_offset % 2 = 0, 'thumbs_down', 'thumbs_up'), '', 1, ingested_at FROM llm_calls WHERE log_offset % 11 = 0 AND sign > 0 AND revision = 0;

INSERT INTO span_log_batches (topic, partition, log_id, first_offset, next_offset, records, calls, spans, processor, at)
SELECT 'llm.spans', number % 4, 'log', number * 100, number * 100 + 100, 100, 80 + number % 40, 20, concat('processor-', toString(number % 2)), now64(3) - toIntervalSecond(number * 60) FROM numbers(1440);
INSERT INTO span_log_progress (topic, partition, log_id, partitions, passed_at, processor, at)
SELECT 'llm.spans', number % 4, 'log', 4, now64(3) - toIntervalSecond(intDiv(number, 4) * 5 + 2), 'processor-0', now64(3) - toIntervalSecond(intDiv(number, 4) * 5) FROM numbers(8000);
INSERT INTO span_log_claims (topic, partition, log_id, epoch, owner, processor, at) SELECT 'llm.spans', number, 'log', 1, 'owner', 'processor-0', now64(3) - INTERVAL 1 DAY FROM numbers(4);

INSERT INTO dead_letters (at, topic, partition, offset, reason, record, log_partition, log_offset)
SELECT now64(3) - toIntervalMinute(number * 10), 'llm.spans', 1, number, 'field 1: length runs past the end', concat('broken', toString(number)), 0, number FROM numbers(12);
INSERT INTO dead_letter_replays (log_partition, log_offset, accepted, answer) VALUES (0, 11, true, 'accepted');

INSERT INTO llm_anomalies (anomaly_id, revision, state, opened_at, last_at, closed_at, scope, tenant, service, model, metric, kind, direction, severity, unit, observed, expected, range_low, range_high, score, window_seconds, calls, exemplars, why, at)
SELECT concat('anomaly-', toString(number)), 1, 'open', now() - toIntervalMinute(number * 40 + 10), now() - toIntervalMinute(number * 40), NULL, 'service', 'acme', 'checkout', 'gpt-4o-mini',
    ['error_rate', 'ttft_p95'][1 + number % 2], 'shift', 'up', ['warning', 'critical'][1 + number % 2], '1', 0.2, 0.02, 0, 0.05, 9.5, 300, 120, ['00000000000000000000000000000001'], 'error_rate is 20 %, usual is 2 %', now64(3) - toIntervalMinute(number * 40)
FROM numbers(6);
INSERT INTO llm_anomalies SELECT * REPLACE(toUInt32(2) AS revision, 'closed' AS state, last_at + 60 AS closed_at) FROM (SELECT * FROM llm_anomalies WHERE opened_at < now() - INTERVAL 2 HOUR AND revision = 1);

INSERT INTO alert_claims (epoch, owner, instance, at) VALUES (1, 'owner', 'alerting-0', now64(3) - INTERVAL 2 DAY);
INSERT INTO alert_incidents (incident_id, key, version, state, change, rule, labels, severity, summary, value, started_at, fired_at, acknowledged_by, resolved_at, silenced, flapping, trace_ids, owes, owes_kind, group_id, epoch, owner, at)
SELECT concat('incident-', toString(number)), concat('error-rate service=', toString(number)), 1, 'firing', 'fired', ['error-rate', 'ttft'][1 + number % 2], map('service', 'checkout'), ['critical', 'warning'][1 + number % 2], 'Many calls fail', 0.2,
    now64(3) - toIntervalMinute(number * 60 + 12), now64(3) - toIntervalMinute(number * 60 + 10), '', NULL, false, false, ['00000000000000000000000000000001'], ['slack'], 'fired', concat('group-', toString(number)), 1, 'owner', now64(3) - toIntervalMinute(number * 60 + 10)
FROM numbers(5);
INSERT INTO alert_incidents SELECT * REPLACE(toUInt32(2) AS version, 'resolved' AS state, 'resolved' AS change, at + toIntervalMinute(30) AS resolved_at, at + toIntervalMinute(30) AS at, emptyArrayString() AS owes, '' AS owes_kind)
FROM (SELECT * FROM alert_incidents WHERE fired_at < now64(3) - INTERVAL 2 HOUR AND version = 1);
INSERT INTO alert_deliveries (notification_id, group_id, channel, outcome, attempts, detail, epoch, owner, at)
SELECT concat('group-', toString(number), '-slack'), concat('group-', toString(number)), 'slack', 'delivered', 1, '200 OK', 1, 'owner', now64(3) - toIntervalMinute(number * 60 + 9) FROM numbers(1, 4);
INSERT INTO alert_silences (silence_id, matchers, starts_at, ends_at, created_by, comment, removed) VALUES ('s1', map('service', 'search'), now64(3) - INTERVAL 1 HOUR, now64(3) + INTERVAL 1 HOUR, 'someone', 'deploy', false);

-- A name that Grafana cannot quote for ClickHouse.
INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, model_requested, status, tokens_source, cost_reason)
VALUES (now64(9) - INTERVAL 1 HOUR, 'ffffffffffffffffffffffffffffffff', 'ffffffffffffffff', 'back\\slash', 'back\\slash', 'back\\slash', 'ok', 'unknown', 'no_provider');
