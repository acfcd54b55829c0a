-- Calls whose answer is much longer or shorter than what is usual for the version of their prompt. Asked, not flagged: what is usual is known only from calls
-- around, and a batch that is replayed must get the flags that it got before (docs/decisions/0083).
-- Usual is what the last seven days say of a prompt version, from 50 calls on. Much is four times, and three times the spread of its middle half, in powers of
-- two.
CREATE OR REPLACE VIEW llm_length_shift AS
SELECT
    call.ts AS ts,
    call.trace_id AS trace_id,
    call.span_id AS span_id,
    call.tenant AS tenant,
    call.service AS service,
    call.prompt_name AS prompt_name,
    call.prompt_version AS prompt_version,
    call.model_answered AS model_answered,
    call.output_tokens AS output_tokens,
    usual.quartiles[2] AS usual_output_tokens,
    usual.calls AS usual_calls,
    log2((call.output_tokens + 1) / (usual.quartiles[2] + 1)) AS shift
FROM llm_calls_now AS call
INNER JOIN
(
    SELECT tenant, service, prompt_name, prompt_version, count() AS calls, quantiles(0.25, 0.5, 0.75)(assumeNotNull(output_tokens)) AS quartiles
    FROM llm_calls_now
    WHERE ts > now() - INTERVAL 7 DAY AND prompt_name != '' AND status = 'ok' AND output_tokens IS NOT NULL
    GROUP BY tenant, service, prompt_name, prompt_version
    HAVING calls >= 50
) AS usual ON usual.tenant = call.tenant AND usual.service = call.service AND usual.prompt_name = call.prompt_name AND usual.prompt_version = call.prompt_version
WHERE call.status = 'ok' AND call.output_tokens IS NOT NULL
    AND abs(shift) >= greatest(2, 3 * log2((usual.quartiles[3] + 1) / (usual.quartiles[1] + 1)));
