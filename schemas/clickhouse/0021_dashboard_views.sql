-- What dashboards ask. Ask with a resolution, and only the rollup of that resolution is read: the others drop out before anything of them is touched.
-- Quantiles are kept as states, for only states can be merged over services, models and time: quantilesDDMerge(0.01, 0.5, 0.9, 0.95, 0.99)(ttft_ms_state).
-- cost_usd is the sum of the known costs; where calls_unpriced is not 0, that many calls are missing in it.
CREATE OR REPLACE VIEW llm_rollups AS
SELECT 60 AS resolution, * FROM llm_rollup_1m
UNION ALL
SELECT 3600 AS resolution, * FROM llm_rollup_1h
UNION ALL
SELECT 86400 AS resolution, * FROM llm_rollup_1d;

-- Every span of a trace as it stands now, billed or not, in one shape. Ask by trace_id: both tables find it by their index.
CREATE OR REPLACE VIEW llm_trace_spans AS
SELECT
    trace_id,
    span_id,
    any(call.parent_span_id) AS parent_span_id,
    any(call.ts) AS ts,
    any(call.duration_ms) AS duration_ms,
    any(call.tenant) AS tenant,
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
GROUP BY trace_id, span_id, revision
HAVING sum(sign) > 0
UNION ALL
SELECT
    trace_id,
    span_id,
    any(span.parent_span_id) AS parent_span_id,
    any(span.ts) AS ts,
    any(span.duration_ms) AS duration_ms,
    any(span.tenant) AS tenant,
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
GROUP BY trace_id, span_id
HAVING sum(sign) > 0;
