-- A span is known by its tenant and its ids: what one tenant sends under another's ids changes nothing of the other's calls, traces and prices.
CREATE OR REPLACE VIEW llm_calls_now AS
SELECT * FROM llm_calls
WHERE sign > 0 AND (tenant, trace_id, span_id, revision) NOT IN (SELECT tenant, trace_id, span_id, revision FROM llm_calls WHERE sign < 0);

CREATE OR REPLACE VIEW llm_traces AS
SELECT
    trace_id,
    tenant,
    any(service) AS service,
    any(environment) AS environment,
    max(session_id) AS session_id,
    max(user_id) AS user_id,
    min(call.ts) AS ts,
    sum(sign) AS calls,
    sum(sign * (status = 'error')) AS errors,
    sum(sign * toInt64(ifNull(call.input_tokens, 0))) AS input_tokens,
    sum(sign * toInt64(ifNull(call.output_tokens, 0))) AS output_tokens,
    sum(sign * isNull(call.cost_usd)) AS calls_unpriced,
    if(calls = calls_unpriced, NULL, sum(toDecimal128(ifNull(call.cost_usd, 0), 12) * sign)) AS cost_usd
FROM llm_calls AS call
GROUP BY trace_id, tenant;

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
INNER JOIN (SELECT * FROM llm_spans WHERE role = 'server_call') AS server ON server.trace_id = call.trace_id AND server.tenant = call.tenant
WHERE server.parent_span_id = call.span_id
    OR (server.ts >= call.ts - INTERVAL 1 SECOND
        AND addMilliseconds(server.ts, ifNull(server.duration_ms, 0)) <= addMilliseconds(call.ts, ifNull(call.duration_ms, 0) + 1000)
        AND server.input_tokens = call.input_tokens AND server.output_tokens = call.output_tokens);

CREATE OR REPLACE VIEW llm_duplicates AS
SELECT trace_id, span_id, sum(sign) AS calls, min(ingested_at) AS first_ingested_at, max(ingested_at) AS last_ingested_at
FROM llm_calls
GROUP BY tenant, trace_id, span_id
HAVING calls NOT IN (0, 1);

CREATE OR REPLACE VIEW llm_trace_spans AS
SELECT
    trace_id,
    span_id,
    any(call.parent_span_id) AS parent_span_id,
    any(call.ts) AS ts,
    any(call.duration_ms) AS duration_ms,
    call.tenant AS tenant,
    any(call.service) AS service,
    true AS billed,
    concat(any(call.operation), ' ', any(call.model_requested)) AS name,
    toString(any(call.role)) AS role,
    toString(any(call.status)) AS status,
    any(call.error_type) AS error_type,
    any(call.model_answered) AS model_answered,
    any(call.input_tokens) AS input_tokens,
    any(call.cached_tokens) AS cached_tokens,
    any(call.output_tokens) AS output_tokens,
    any(call.cost_usd) AS cost_usd,
    any(call.cost_reason) AS cost_reason,
    any(call.price_id) AS price_id,
    any(call.ttft_ms) AS ttft_ms,
    '' AS not_billed_because,
    any(call.flags) AS flags
FROM llm_calls AS call
GROUP BY trace_id, span_id, call.tenant, revision
HAVING sum(sign) > 0
UNION ALL
SELECT
    trace_id,
    span_id,
    any(span.parent_span_id) AS parent_span_id,
    any(span.ts) AS ts,
    any(span.duration_ms) AS duration_ms,
    span.tenant AS tenant,
    any(span.service) AS service,
    false AS billed,
    any(span.name) AS name,
    toString(any(span.role)) AS role,
    toString(any(span.status)) AS status,
    any(span.error_type) AS error_type,
    any(span.model_answered) AS model_answered,
    any(span.input_tokens) AS input_tokens,
    CAST(NULL, 'Nullable(UInt64)') AS cached_tokens,
    any(span.output_tokens) AS output_tokens,
    CAST(NULL, 'Nullable(Decimal(18, 12))') AS cost_usd,
    '' AS cost_reason,
    '' AS price_id,
    any(span.ttft_ms) AS ttft_ms,
    any(span.not_billed_because) AS not_billed_because,
    any(span.flags) AS flags
FROM llm_spans AS span
GROUP BY trace_id, span_id, span.tenant
HAVING sum(sign) > 0;

ALTER TABLE llm_reprices
    ADD COLUMN IF NOT EXISTS tenant LowCardinality(String) DEFAULT 'default' COMMENT 'Whose call it is' AFTER at;
