SELECT
    model_requested AS model,
    count() AS calls,
    countIf(status = 'error') AS errors,
    sum(call.input_tokens) AS input_tokens,
    sum(call.cached_tokens) AS cached_tokens,
    sum(call.output_tokens) AS output_tokens,
    sum(call.cost_usd) AS cost_usd,
    countIf(isNull(call.cost_usd) AND tokens_source = 'reported') AS unpriced,
    round(quantileExact(0.5)(ttft_ms)) AS ttft_p50_ms,
    round(quantileExact(0.95)(ttft_ms)) AS ttft_p95_ms,
    round(quantileExact(0.5)(call.tokens_per_second)) AS tokens_per_second
FROM llm_calls AS call
WHERE service LIKE 'demo-%' AND ts >= fromUnixTimestamp64Nano({start:Int64})
GROUP BY model
ORDER BY calls DESC
FORMAT JSONCompact
