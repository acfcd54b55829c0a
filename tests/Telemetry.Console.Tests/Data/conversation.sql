-- One conversation of a shop's agent: retrieval, a call that asks for a tool, the tool, an attempt that fails, and the answer.
INSERT INTO llm_spans (ts, trace_id, span_id, parent_span_id, tenant, service, environment, name, kind, operation, convention, role, status, not_billed_because, input_tokens, output_tokens, duration_ms, sign, ingested_at)
SELECT now64(9) - toIntervalMillisecond(600000 - begin), 'c0ffee00c0ffee00c0ffee00c0ffee00', id, parent, 'acme', 'checkout', 'production', name, 'internal', operation, 'otel', role, 'ok', why, input, output, length, 1, now64(3) - toIntervalMinute(9)
FROM values('begin UInt32, id String, parent String, name String, operation String, role String, why String, input UInt32, output UInt32, length Float64',
    (0, 'a000000000000001', '', 'invoke_agent order-helper', 'invoke_agent', 'wrapper', 'wrapper', 4260, 512, 6120),
    (20, 'a000000000000002', 'a000000000000001', 'retrieve return-policy', 'retrieval', 'other', 'not_a_call', 0, 0, 240),
    (2010, 'a000000000000005', 'a000000000000001', 'execute_tool lookup_order', 'execute_tool', 'other', 'not_a_call', 0, 0, 380));

INSERT INTO llm_calls (ts, trace_id, span_id, parent_span_id, tenant, service, environment, provider, model_requested, model_answered, operation, convention, stream, status, error_type,
    finish_reasons, response_id, prompt_name, prompt_version, session_id, user_id, agent_name, input_tokens, cached_tokens, cache_write_tokens, output_tokens, reasoning_tokens, tokens_source,
    cost_usd, cost_input_usd, cost_cached_usd, cost_output_usd, cost_reason, cost_basis, price_id, price_version, duration_ms, ttft_ms, ttft_source, tokens_per_second, flags, role, ingested_at)
SELECT now64(9) - toIntervalMillisecond(600000 - begin), 'c0ffee00c0ffee00c0ffee00c0ffee00', id, 'a000000000000001', 'acme', 'checkout', 'production', provider, model, answered, operation, 'otel', operation = 'chat',
    if(failed = '', 'ok', 'error'), failed, if(finish = '', [], [finish]), concat('resp-', id), if(operation = 'chat', 'answer', ''), if(operation = 'chat', 'v2', ''), 'session-returns', 'user-17', 'order-helper',
    if(failed = '', input, NULL), if(failed = '', cached, NULL), 0, if(failed = '', output, NULL), 0, if(failed = '', 'reported', 'unknown'),
    if(failed = '', toDecimal64(cost, 12), NULL), if(failed = '', toDecimal64(cost * 0.5, 12), NULL), if(failed = '', toDecimal64(cost * 0.1, 12), NULL), if(failed = '', toDecimal64(cost * 0.4, 12), NULL),
    if(failed = '', '', 'no_usage'), if(failed = '', 'exact', ''), if(failed = '', concat(provider, '/', model), ''), 'demo', length, ttft, if(isNull(ttft), '', 'first_chunk'), speed, [], 'call', now64(3) - toIntervalMinute(9)
FROM values('begin UInt32, id String, provider String, model String, answered String, operation String, failed String, finish String, input UInt32, cached UInt32, output UInt32, cost Float64, length Float64, ttft Nullable(Float64), speed Nullable(Float64)',
    (40, 'a000000000000003', 'openai', 'text-embedding-3-small', 'text-embedding-3-small', 'embeddings', '', '', 19, 0, 0, 0.00000038, 90, NULL, NULL),
    (290, 'a000000000000004', 'openai', 'gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'chat', '', 'tool_call', 1420, 1024, 64, 0.000175, 1690, 610, 59),
    (2420, 'a000000000000006', 'openai', 'gpt-4o-mini', '', 'chat', 'rate_limit', '', 0, 0, 0, 0, 410, NULL, NULL),
    (2980, 'a000000000000007', 'openai', 'gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'chat', '', 'stop', 2821, 1408, 448, 0.000586, 3120, 540, 173));

INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, system_instructions, input_messages, output_messages, tool_definitions, ingested_at)
SELECT now64(9) - toIntervalSecond(590), 'c0ffee00c0ffee00c0ffee00c0ffee00', id, 'acme', 'checkout', '[{"type":"text","content":"You help customers of a shop. Look orders up before you promise anything."}]', input, output,
    '[{"type":"function","name":"lookup_order","description":"Finds an order.","parameters":{"type":"object","properties":{"order":{"type":"string"}}}}]', now64(3) - toIntervalMinute(9)
FROM values('id String, input String, output String',
    ('a000000000000004', '[{"role":"user","parts":[{"type":"text","content":"The parcel of order A-17 arrived damaged. What are my options, and how long do I have to decide?"}]}]',
        '[{"role":"assistant","finish_reason":"tool_call","parts":[{"type":"tool_call","id":"call_1","name":"lookup_order","arguments":{"order":"A-17"}}]}]'),
    ('a000000000000007', '[{"role":"user","parts":[{"type":"text","content":"The parcel of order A-17 arrived damaged. What are my options, and how long do I have to decide?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"call_1","name":"lookup_order","arguments":"{\\"order\\":\\"A-17\\"}"}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":{"order":"A-17","delivered":"2026-11-19","total":"48.90 EUR","returnable_until":"2026-12-19"}}]}]',
        '[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"I am sorry that it arrived damaged. You have until 19 December to decide:\\n\\n1. A replacement, sent today at no cost.\\n2. Your money back, 48.90 EUR, within three days.\\n3. Keep it and take 20 % off.\\n\\nFor all three a photo of the damage is enough. Which would you like?"}]}]'));

INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at) VALUES
    (now64(3) - INTERVAL 8 MINUTE, 'c0ffee00c0ffee00c0ffee00c0ffee00', 'a000000000000007', 'acme', 'checkout', 'relevance', 'judge', 0.92, 'relevant', 'Names all options and the date until which to decide.', 0.2, now64(3)),
    (now64(3) - INTERVAL 7 MINUTE, 'c0ffee00c0ffee00c0ffee00c0ffee00', 'a000000000000007', 'acme', 'checkout', 'feedback', 'user', 1, 'thumbs_up', '', 1, now64(3));

-- An incident that tests may acknowledge, and one call with neither price nor tokens.
INSERT INTO alert_incidents (incident_id, key, version, state, change, rule, labels, severity, summary, value, started_at, fired_at, acknowledged_by, resolved_at, silenced, flapping, trace_ids, owes, owes_kind, group_id, epoch, owner, at)
VALUES ('incident-pages', 'pages', 1, 'firing', 'fired', 'ttft-slow', map('service', 'checkout', 'model', 'gpt-4o-mini'), 'critical', 'time to first token, p95, is 4.1 s over 10m; an incident above 2 s', 4.1,
    now64(3) - INTERVAL 25 MINUTE, now64(3) - INTERVAL 20 MINUTE, '', NULL, false, false, ['c0ffee00c0ffee00c0ffee00c0ffee00'], ['slack'], 'fired', 'group-pages', 1, 'owner', now64(3) - INTERVAL 20 MINUTE);
