SELECT
    model_requested AS model,
    count() AS calls,
    countIf(status = 'error') AS errors,
    sum(input_tokens) AS input_tokens,
    sum(cached_tokens) AS cached_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_usd) AS cost_usd,
    countIf(isNull(cost_usd) AND tokens_source = 'reported') AS unpriced,
    round(quantileExact(0.5)(ttft_ms)) AS ttft_p50_ms,
    round(quantileExact(0.95)(ttft_ms)) AS ttft_p95_ms,
    round(quantileExact(0.5)(tokens_per_second)) AS tokens_per_second
FROM llm_calls
WHERE service LIKE 'demo-%' AND ts >= fromUnixTimestamp64Nano({start:Int64})
GROUP BY model
ORDER BY calls DESC
FORMAT JSONCompact
