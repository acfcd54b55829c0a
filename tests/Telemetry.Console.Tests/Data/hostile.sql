-- Spans of somebody who would like to run something in the browser of whoever looks at them: every text is markup, script or a link that is one.
INSERT INTO llm_calls (ts, trace_id, span_id, parent_span_id, tenant, service, environment, provider, model_requested, model_answered, operation, convention, stream, status, error_type,
    finish_reasons, response_id, prompt_name, prompt_version, session_id, user_id, agent_name, workflow_name, input_tokens, output_tokens, tokens_source, cost_usd, cost_reason, cost_basis, price_id, price_version, duration_ms,
    flags, labels, tags, metadata, instrumentation, role, ingested_at)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT now64(9) - toIntervalMinute(5 + number), 'badbadbadbadbadbadbadbadbadbad00', concat('bad000000000000', toString(number)), 'bad0000000000009', x, x, x, x, x, concat(x, '2'), x, x, true, if(number = 0, 'error', 'ok'), if(number = 0, x, ''),
    [x], x, x, concat(x, toString(number)), 'javascript:window.hacked=1', x, x, x, 10, 5, 'reported', if(number = 1, toDecimal64(0.001, 12), NULL), if(number = 1, '', x), x, x, x, 100, [x], [x], map(x, x), concat('{"k":"', '</script><script>window.hacked=1</script>', '"}'), x, 'call', now64(3)
FROM numbers(2);

INSERT INTO llm_spans (ts, trace_id, span_id, parent_span_id, tenant, service, environment, name, kind, operation, convention, role, status, error_type, not_billed_because, duration_ms, sign, ingested_at)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT now64(9) - INTERVAL 6 MINUTE, 'badbadbadbadbadbadbadbadbadbad00', 'bad0000000000009', '', x, x, x, x, 'internal', x, x, x, 'error', x, x, 300, 1, now64(3);

INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, system_instructions, input_messages, output_messages, tool_definitions, ingested_at) VALUES
    (now64(9) - INTERVAL 5 MINUTE, 'badbadbadbadbadbadbadbadbadbad00', 'bad0000000000000', 'x', 'x', '</div><script>window.hacked=1</script> no JSON at all',
        '[{"role":"<img src=x onerror=window.hacked=1>","parts":[{"type":"text","content":"<script>window.hacked=1</script> **bold** [link](javascript:window.hacked=1) https://evil.example/?q=<svg/onload=window.hacked=1>"},{"type":"uri","uri":"javascript:window.hacked=1"},{"type":"blob","mime_type":"text/html","content":"PHNjcmlwdD4="},{"type":"<b>","dangerouslySetInnerHTML":{"__html":"<img src=x onerror=window.hacked=1>"},"props":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=window.hacked=1>"}}}]},{"type":"img","props":{"src":"x","onerror":"window.hacked=1"},"constructor":null},null,7,["<i>"]]',
        '[{"role":"assistant","finish_reason":"<b>stop</b>","parts":[{"type":"tool_call","id":"<u>1</u>","name":"<img src=x onerror=window.hacked=1>","arguments":"{\\"a\\":\\"<script>window.hacked=1</script>\\"}"},{"type":"tool_call_response","id":{"x":1},"response":{"html":"<iframe srcdoc=\\"<script>parent.hacked=1</script>\\">"}},{"type":"reasoning","content":["<script>window.hacked=1</script>"]},"<b>text</b>"]}]',
        '{"not":"a list <script>window.hacked=1</script>"}', now64(3));

INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT now64(3) - INTERVAL 4 MINUTE, 'badbadbadbadbadbadbadbadbadbad00', 'bad0000000000000', x, x, x, 'event', 0.5, x, x, 1, now64(3);

INSERT INTO alert_incidents (incident_id, key, version, state, change, rule, labels, severity, summary, value, started_at, fired_at, acknowledged_by, resolved_at, silenced, flapping, trace_ids, owes, owes_kind, group_id, epoch, owner, at)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT 'incident-hostile', 'hostile', 1, 'firing', 'fired', x, map(x, x), 'warning', x, 1, now64(3) - INTERVAL 6 MINUTE, now64(3) - INTERVAL 6 MINUTE, x, NULL, false, false, ['badbadbadbadbadbadbadbadbadbad00'], [x], 'fired', 'group-hostile', 1, 'owner', now64(3) - INTERVAL 6 MINUTE;

INSERT INTO llm_anomalies (anomaly_id, revision, state, opened_at, last_at, closed_at, scope, tenant, service, model, metric, subject, kind, direction, severity, unit, observed, expected, range_low, range_high, score, window_seconds, calls, exemplars, why, at)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT 'anomaly-hostile', 1, 'open', now() - INTERVAL 6 MINUTE, now(), NULL, 'service', x, x, x, 'new_model', x, 'novelty', 'up', 'info', x, 1, 0, 0, 0, 5, 300, 2, ['badbadbadbadbadbadbadbadbadbad00'], x, now64(3);

INSERT INTO dead_letters (at, topic, partition, offset, reason, record, log_partition, log_offset)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT now64(3) - INTERVAL 5 MINUTE, 'llm.spans', 9, 9, x, x, 9, 9;

INSERT INTO alert_silences (silence_id, matchers, starts_at, ends_at, created_by, comment, removed)
WITH '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' AS x
SELECT 'hostile', map(x, x), now64(3), now64(3) + INTERVAL 1 HOUR, x, x, false;
