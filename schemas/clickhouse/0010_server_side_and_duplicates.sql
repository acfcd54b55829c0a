-- The server's view of a call (vLLM, a gateway) is no second bill, but it tells where the time went.
ALTER TABLE llm_spans
    ADD COLUMN IF NOT EXISTS model_answered LowCardinality(String) AFTER model_requested,
    ADD COLUMN IF NOT EXISTS response_id String CODEC(ZSTD(1)) AFTER tool_call_id,
    ADD COLUMN IF NOT EXISTS ttft_ms Nullable(Float64) COMMENT 'Time to first token as this span saw it; NULL without evidence' AFTER duration_ms,
    ADD COLUMN IF NOT EXISTS ttft_source LowCardinality(String) AFTER ttft_ms;

-- A call and what its server saw of it, where both were traced: what lies between is network and queues.
CREATE OR REPLACE VIEW llm_server_side AS
SELECT
    call.trace_id AS trace_id,
    call.span_id AS span_id,
    server.span_id AS server_span_id,
    call.ts AS ts,
    call.service AS service,
    server.service AS server_service,
    call.provider AS provider,
    call.model_requested AS model_requested,
    call.duration_ms AS duration_ms,
    server.duration_ms AS server_duration_ms,
    call.ttft_ms AS ttft_ms,
    server.ttft_ms AS server_ttft_ms
FROM llm_calls_now AS call
INNER JOIN (SELECT * FROM llm_spans WHERE role = 'server_call') AS server ON server.trace_id = call.trace_id
WHERE server.parent_span_id = call.span_id
    OR (server.ts >= call.ts - INTERVAL 1 SECOND
        AND addMilliseconds(server.ts, ifNull(server.duration_ms, 0)) <= addMilliseconds(call.ts, ifNull(call.duration_ms, 0) + 1000)
        AND server.input_tokens = call.input_tokens AND server.output_tokens = call.output_tokens);

-- Calls that stand more than once, or were taken back more than once: empty, or something is wrong.
CREATE OR REPLACE VIEW llm_duplicates AS
SELECT trace_id, span_id, sum(sign) AS calls, min(ingested_at) AS first_ingested_at, max(ingested_at) AS last_ingested_at
FROM llm_calls
GROUP BY trace_id, span_id
HAVING calls NOT IN (0, 1);
